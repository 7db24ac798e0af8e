import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LossEstimator } from './loss.ts';

test('the interval holds the estimate, whatever was counted', () => {
  fc.assert(
    fc.property(fc.nat(10_000_000), fc.nat(10_000_000), (answered, lost) => {
      const estimator = new LossEstimator();
      estimator.answered = answered;
      estimator.lost = lost;
      const loss = estimator.state();
      if (answered + lost === 0) expect(loss).toBeUndefined();
      else {
        expect(loss?.low).toBeLessThanOrEqual(loss?.estimate as number);
        expect(loss?.high).toBeGreaterThanOrEqual(loss?.estimate as number);
        expect(loss?.low).toBeGreaterThanOrEqual(0);
        expect(loss?.high).toBeLessThanOrEqual(1);
      }
    }),
  );
});

test('where nothing was lost, the interval begins at nothing exactly', () => {
  for (let answered = 1; answered < 1000; answered++) {
    const estimator = new LossEstimator();
    estimator.answered = answered;
    expect(estimator.state()).toMatchObject({ estimate: 0, low: 0 });
  }
});
