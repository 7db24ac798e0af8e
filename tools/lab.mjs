/**
 * `npm run lab`: a small network to try `portolan firewall` in. It has no way out, is kept until Ctrl-C, and is removed
 * then; what a lab left that ended in another way, the next one removes. One at a time: a second one is refused.
 *
 * @module
 */

import { register } from 'tsx/esm/api';

register();
const { labMissing } = await import('../test/net/lab/requirements.ts');
const { createUserLab, labHosts, removeRemains, runningLab, userNamespace } = await import(
  '../test/net/firewall/user-lab.ts'
);

const missing = labMissing(['ip', 'nft', 'unshare']);
const other = missing === undefined ? runningLab() : undefined;
if (missing !== undefined) refuse(missing);
else if (other !== undefined) refuse(`one runs already, as process ${other}: end it with Ctrl-C there first`);
else await run();

async function run() {
  if (removeRemains()) console.log('Removed what an earlier lab had left.\n');
  let lab;
  let isOver = false;
  const end = () => {
    if (isOver) return;
    isOver = true;
    lab?.close();
    console.log('\nRemoved all of it.');
    process.exit(0);
  };
  lab = await createUserLab();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, end);
  console.log(`A router and ${labHosts.length} hosts, with no way out. You stand at 10.79.1.2, before the router:
`);
  for (const { name, last, says } of labHosts)
    console.log(`  ${`${name}.lab`.padEnd(13)} 10.79.2.${last}  fd79:0:0:2::${last}  ${says}`);
  console.log(`
In another terminal, as root:

  ip netns exec ${userNamespace} npx portolan firewall -n 10.79.2.10

docs/firewall.md walks through it. Ctrl-C here removes everything.`);
  setInterval(() => undefined, 1 << 30);
}

function refuse(why) {
  console.error(`No lab can be made here: ${why}`);
  process.exitCode = 4;
}
