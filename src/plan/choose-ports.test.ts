import { describe, expect, test } from 'vitest';
import { refusal } from '../../test/refusal.ts';
import { spoken } from '../base/words.ts';
import { optionWords } from '../cli/option-words.ts';
import { formatPorts } from '../model/ports.ts';
import { choosePorts } from './choose-ports.ts';
import type { Request } from './request.ts';

const ask = (request: Partial<Request>): Request => ({ targets: [], ...request });

describe('the ports of a run', () => {
  test('default 1000, fast 100, any number by rank', () => {
    const { tcp } = choosePorts(ask({}), ['tcp']).selection;
    expect(tcp).toHaveLength(1000);
    expect([...tcp]).toEqual(expect.arrayContaining([22, 80, 443, 3389, 8080]));
    const fast = choosePorts(ask({ fast: true }), ['tcp', 'udp']).selection;
    expect([fast.tcp.length, fast.udp.length, fast.sctp.length]).toEqual([100, 100, 0]);
    expect([...choosePorts(ask({ topPorts: 3 }), ['tcp']).selection.tcp]).toEqual([22, 80, 443]);
    const every = choosePorts(ask({ topPorts: 65535 }), ['tcp']).selection.tcp;
    expect(formatPorts(every)).toBe('1-65535');
  });

  test('are ascending', () => {
    const { tcp } = choosePorts(ask({ ports: '443,1-3,80' }), ['tcp']).selection;
    expect([...tcp]).toEqual([1, 2, 3, 80, 443]);
  });

  test('IP protocols are asked all, and only by -p less', () => {
    expect(choosePorts(ask({}), ['ip']).selection.ip).toHaveLength(256);
    expect([...choosePorts(ask({ ports: 'P:1,6' }), ['ip']).selection.ip]).toEqual([1, 6]);
  });

  test('--exclude-ports takes away, whichever way the others were chosen', () => {
    expect(
      formatPorts(choosePorts(ask({ ports: '20-25', excludePorts: 'ssh,24-' }), ['tcp']).selection.tcp),
    ).toBe('20-21,23');
    expect(choosePorts(ask({ fast: true, excludePorts: '80,443,1' }), ['tcp']).selection.tcp).toHaveLength(
      98,
    );
  });

  test('a target of its own ports keeps the exclusions and the protocols of the run', () => {
    const choice = choosePorts(ask({ ports: '1-10,P:6', excludePorts: '23' }), ['tcp', 'ip']);
    const own = choice.own('22-24');
    expect([...own.tcp]).toEqual([22, 24]);
    expect([...own.ip]).toEqual([...choice.selection.ip]);
  });

  test('says which ports are not asked because of the techniques', () => {
    const { warnings } = choosePorts(ask({ ports: 'T:22,U:53', excludePorts: 'S:9' }), ['tcp']);
    expect(warnings.map((line) => spoken(line, optionWords))).toEqual([
      '-p names udp ports, but no udp technique is asked',
      '--exclude-ports names sctp ports, but no sctp technique is asked',
    ]);
  });

  test.each<[string, Partial<Request>, string]>([
    ['two ways at once', { ports: '22', fast: true }, '-p and -F each choose the ports'],
    ['three ways at once', { ports: '22', fast: true, topPorts: 5 }, '-p and -F and --top-ports'],
    ['no port at all', { topPorts: 0 }, '--top-ports 0: wanted'],
    ['half a port', { topPorts: 1.5 }, '--top-ports 1.5'],
    ['more ports than there are', { topPorts: 65537 }, '--top-ports 65537'],
    [
      'everything excluded',
      { ports: '22', excludePorts: '1-100' },
      'No tcp port left to ask: --exclude-ports',
    ],
    ['nothing for a technique', { ports: 'U:53' }, 'No tcp port left to ask: -p "U:53" names none'],
    ['a bad exclusion', { excludePorts: '99999' }, '--exclude-ports "99999"'],
  ])('refuses %s', async (_, request, problem) => {
    const error = await refusal(() => choosePorts(ask(request), ['tcp']));
    expect(error.exit).toBe(2);
    expect(error.line).toContain(problem);
  });

  test('refuses what has no ports to choose', async () => {
    expect((await refusal(() => choosePorts(ask({ fast: true }), ['ip']))).line).toContain(
      'only IP protocols',
    );
    expect((await refusal(() => choosePorts(ask({}), ['ip']).own('22'))).line).toContain('only IP protocols');
    const choice = choosePorts(ask({ excludePorts: '22' }), ['tcp']);
    expect((await refusal(() => choice.own('22'))).line).toContain('takes all');
  });
});
