import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';

describe('a worker', () => {
  // Its file has another name there, tsx looks after the main thread only, and workers inherit --input-type.
  test('starts from the TypeScript sources, of a program in words of the command line,', () => {
    const door = new URL('../../index.ts', import.meta.url).href;
    const request = { targets: ['127.0.0.1'], ports: '1', techniques: ['connect'], reverseNames: 'never' };
    const program = `const { scan } = await import('${door}');
      for await (const fact of scan(${JSON.stringify(request)})) console.log(fact.type, fact.state ?? fact.exit ?? '');`;
    const told = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      encoding: 'utf8',
    });
    expect(told).toContain('port closed\n');
    expect(told).toContain('summary done\n');
  });
});
