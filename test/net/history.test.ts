/** Scans that are kept, compared, shown and watched: the program itself, on ports of this machine. */

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, '../../bin/portolan.js');
let folder: string;
let store: string;
const servers: Server[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'portolan-history-'));
  store = join(folder, 'portolan', 'scans');
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
  rmSync(folder, { recursive: true });
});

function portolan(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const env = { ...process.env, XDG_STATE_HOME: folder, ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Takes connections on a port of the system's choice, or on this one. */
async function listen(port = 0): Promise<number> {
  const server = createServer((socket) => socket.destroy()).listen(port, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as { port: number }).port;
}

async function stopListening(): Promise<void> {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
}

function scansOf(): readonly string[] {
  return existsSync(store) ? readdirSync(store).filter((name) => name.endsWith('.journal')) : [];
}

describe('kept scans', () => {
  it('are listed, compared, told of by host and port, and shown as they were told', async () => {
    const port = await listen();
    const scan = ['-sT', '-n', '-Pn', '-p', `${port}`, '127.0.0.1'];
    const record = join(folder, 'record.ndjson');
    expect(portolan([...scan, '-oJ', record])).toMatchObject({ status: 0, stderr: '' });
    await stopListening();
    expect(portolan(scan).status).toBe(0);
    expect(
      portolan(['history', '-oJ', '-'])
        .stdout.trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { type: 'kept', n: 1, name: '@1', open: 0, complete: true, vantage: 'this machine' },
      { type: 'kept', n: 2, name: '@2', open: 1, hostsUp: 1 },
    ]);
    expect(portolan(['diff', '@2', '@1'])).toMatchObject({
      status: 1,
      stdout: `${port} on 127.0.0.1 went from open to closed\n`,
    });
    expect(portolan(['diff', '@2', record])).toMatchObject({ status: 0, stdout: '' });
    const seen = portolan(['history', `127.0.0.1:${port}`, '-oJ', '-'])
      .stdout.trimEnd()
      .split('\n');
    expect(seen.map((line) => JSON.parse(line))).toMatchObject([
      { type: 'seen', port, state: 'open' },
      { type: 'seen', port, state: 'closed' },
    ]);
    expect(portolan(['show', '@2', '-oJ', '-']).stdout).toBe(readFileSync(record, 'utf8'));
    for (const format of ['-oX', '-oG', '-oC', '-oN', '--html'])
      expect(portolan(['show', '@2', format, '-']).stdout).toBe(
        portolan(['show', record, format, '-']).stdout,
      );
    expect(portolan(['explain', '@2', `127.0.0.1:${port}`]).stdout).toMatch(/open \(connected\) by connect/);
    expect(portolan(['show', '@3']).status).toBe(2);
  });

  it('records of others are compared and not shown, and records that have nothing in common say so', () => {
    const [xml, json] = [join(folder, 'nmap.xml'), join(folder, 'masscan.json')];
    const host = '<host><status state="up"/><address addr="10.0.0.5" addrtype="ipv4"/></host>';
    writeFileSync(xml, `<nmaprun args="nmap 10.0.0.5">\n${host}\n</nmaprun>\n`);
    writeFileSync(json, '[{"ip":"10.0.0.6","ports":[{"port":1,"proto":"tcp","status":"open"}]}]\n');
    expect(portolan(['show', xml]).stderr).toBe(
      `portolan: Cannot read "${xml}": found XML, which diff reads; wanted NDJSON (-oJ) or a journal; try: portolan diff A B\n`,
    );
    expect(portolan(['show', json])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('found JSON as masscan writes it, which diff reads'),
    });
    expect(portolan(['diff', xml, json])).toMatchObject({
      status: 0,
      stdout: '',
      stderr: expect.stringMatching(/^portolan: the two have nothing in common: /),
    });
    expect(portolan(['diff', xml, xml])).toMatchObject({ status: 0, stderr: '' });
  });

  it('are as many as wanted, and none where none is wanted', () => {
    const scan = ['-sT', '-n', '-Pn', '-p', '1', '127.0.0.1'];
    portolan([...scan, '--no-keep']);
    expect(scansOf()).toHaveLength(0);
    for (let i = 0; i < 3; i++) portolan([...scan, '--keep', '2']);
    expect(scansOf()).toHaveLength(2);
    portolan(['-sT', '-n', '-Pn', '-p', '2', '127.0.0.1', '--keep', '2']);
    expect(scansOf()).toHaveLength(3);
    for (const name of scansOf()) expect(statSync(join(store, name)).mode & 0o777).toBe(0o600);
  });

  it('hold no secret of proxies', async () => {
    const port = await listen();
    const proxy = `socks5://user:hunter2@127.0.0.1:${port}`;
    portolan(['-sT', '-n', '-Pn', '-p', '1', '--proxies', proxy, '127.0.0.1']);
    const [name = ''] = scansOf();
    expect(readFileSync(join(store, name), 'latin1')).toContain('socks5://127.0.0.1');
    expect(readFileSync(join(store, name), 'latin1')).not.toContain('hunter2');
  });

  it('one that is killed, wherever it is, is no scan, and those that read beside it see whole ones alone', async () => {
    portolan(['-sT', '-n', '-Pn', '-p', '1', '127.0.0.1']);
    const env = { ...process.env, XDG_STATE_HOME: folder };
    for (let i = 0; i < 10; i++) {
      const args = [program, '-sT', '-n', '-Pn', '-p', '1-3000', '127.0.0.1-40'];
      const child = spawn(process.execPath, args, { env, stdio: 'ignore' });
      const isOver = once(child, 'exit');
      // The first kills hit the start, the later ones a scan that writes.
      const deadline = performance.now() + 40 * i;
      while (performance.now() < deadline) portolan(['history']);
      child.kill('SIGKILL');
      await isOver;
      const { status, stdout } = portolan(['history', '-oJ', '-']);
      expect(status).toBe(0);
      const whole = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as { name: string });
      expect(whole).toHaveLength(scansOf().length);
      expect(portolan(['show', '@1', '-oJ', '-']).stdout).toMatch(/"type":"summary".*\n$/);
    }
  });

  it.runIf(process.getuid?.() === 0).each([
    ['4k', 'true'],
    // Not even the first byte has room.
    ['64k', 'mkdir -p "$0/portolan/scans" && { dd if=/dev/zero of="$0/fill" bs=1k 2>/dev/null; true; }'],
  ])('a full disk of %s costs the scan nothing: one warning, and 3', (size, fill) => {
    const script = `mount -t tmpfs -o size=${size} none "$0" && ${fill} && exec "$@"`;
    const args = ['-m', '/bin/sh', '-c', script, folder, process.execPath, program];
    const env = { ...process.env, XDG_STATE_HOME: folder };
    const scan = ['-sT', '-n', '-Pn', '-p', '1-100', '127.0.0.1'];
    const { status, stdout, stderr } = spawnSync('unshare', [...args, ...scan], { env, encoding: 'utf8' });
    expect(stdout).toMatch(/100 closed tcp ports/);
    expect(stderr.match(/warning: /g)).toHaveLength(1);
    expect(stderr).toMatch(/the scan goes on, and is not kept/);
    expect(status).toBe(3);
  });
});

describe('watch', () => {
  it('tells a change once, over restarts, to its command too', async () => {
    const port = await listen();
    await stopListening();
    const heard = join(folder, 'heard');
    const watch = (...more: readonly string[]) =>
      portolan([
        'watch',
        '--once',
        '-sT',
        '-n',
        '-Pn',
        '-p',
        `${port}`,
        '--command',
        `cat >> ${heard}`,
        ...more,
        '127.0.0.1',
      ]);
    expect(watch()).toMatchObject({ status: 0, stdout: '' });
    expect(watch()).toMatchObject({ status: 0, stdout: '' });
    await listen(port);
    expect(watch()).toMatchObject({ status: 1, stdout: `${port} on 127.0.0.1 opened\n`, stderr: '' });
    expect(JSON.parse(readFileSync(heard, 'utf8'))).toMatchObject({
      type: 'change',
      n: 1,
      change: 'opened',
      port,
    });
    expect(watch()).toMatchObject({ status: 0, stdout: '' });
    await stopListening();
    expect(watch('-oJ', '-').stdout).toMatch(/"change":"flapping"/);
    await listen(port);
    expect(watch()).toMatchObject({ status: 0, stdout: '' });
  });

  it('notes a command and a webhook that cannot be told, and goes on', async () => {
    const port = await listen();
    await stopListening();
    const watch = (...more: readonly string[]) =>
      portolan(['watch', '--once', '-sT', '-n', '-Pn', '-p', `${port}`, ...more, '127.0.0.1']);
    watch();
    const dead = await listen();
    await stopListening();
    await listen(port);
    const { status, stderr } = watch('--command', 'exit 7', '--webhook', `http://127.0.0.1:${dead}/secret`);
    expect(status).toBe(1);
    expect(stderr).toMatch(/the command ended with 7/);
    expect(stderr).toMatch(/the webhook at 127\.0\.0\.1:\d+ cannot be reached \(ECONNREFUSED\)/);
    expect(stderr).not.toContain('secret');
  });

  it('knows its newest scan where the clock was set back', async () => {
    const port = await listen();
    await stopListening();
    const watch = () => portolan(['watch', '--once', '-sT', '-n', '-Pn', '-p', `${port}`, '127.0.0.1']);
    expect(watch().stderr).toMatch(/^portolan: the first round: 1 host up, 0 open; later rounds/);
    // What was seen was seen tomorrow.
    const [name = ''] = scansOf();
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString().replaceAll(':', '-');
    const later = name.replace(/^.{24}/, tomorrow);
    renameSync(join(store, name), join(store, later));
    await listen(port);
    expect(watch()).toMatchObject({ status: 1, stdout: `${port} on 127.0.0.1 opened\n` });
    expect(watch()).toMatchObject({ status: 0, stdout: '' });
    expect(watch()).toMatchObject({ status: 0, stdout: '' });
  });

  it('of two that watch the same the second is refused', async () => {
    const port = await listen();
    await stopListening();
    const args = ['watch', '-sT', '-n', '-Pn', '-p', `${port}`, '127.0.0.1'];
    const env = { ...process.env, XDG_STATE_HOME: folder };
    const first = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    const isOver = once(first, 'exit');
    await once(first.stderr, 'data');
    expect(portolan([...args, '--once'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('is being watched by another process'),
    });
    first.kill('SIGTERM');
    await isOver;
    expect(portolan([...args, '--once']).status).toBe(0);
  });

  it.runIf(process.getuid?.() === 0)('goes on where there is no room to keep what was told', () => {
    const args = ['watch', '--once', '-sT', '-n', '-Pn', '-p', '1', '127.0.0.1'];
    const full = 'dd if=/dev/zero of="$0/fill" bs=1k 2>/dev/null';
    const script = `mount -t tmpfs -o size=200k none "$0" && "$@" && ${full}; "$@"`;
    const { status, stderr } = spawnSync(
      'unshare',
      ['-m', '/bin/sh', '-c', script, folder, process.execPath, program, ...args],
      { env: { ...process.env, XDG_STATE_HOME: folder }, encoding: 'utf8' },
    );
    expect(stderr).toMatch(/warning: Cannot keep what was told: no space left/);
    expect(stderr).not.toMatch(/fault|ENOSPC/);
    expect(status).toBe(3);
  });
});
