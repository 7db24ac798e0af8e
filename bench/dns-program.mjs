/**
 * A program: asks a name server for so many names by the resolver of the build, and prints how long that took, how much
 * memory it held and what was missed. `node bench/dns-program.mjs SERVER COUNT`.
 *
 * @module
 */

import { Resolver } from '../dist/dns/resolver.js';

const [server, words] = process.argv.slice(2);
const count = Number(words);
const resolver = new Resolver({ servers: [server] });
const begunMs = performance.now();
let [asked, missed] = [0, 0];

async function lane() {
  while (asked < count) {
    const at = asked++;
    const outcome = await resolver.ask({ name: `h${at}.many.test`, type: 'A', recursive: false }, [server]);
    const value = outcome.kind === 'answer' ? outcome.records[0]?.value : undefined;
    if (value !== `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`) missed++;
  }
}

await Promise.all(Array.from({ length: 1000 }, lane));
const perSecond = Math.round((1000 * count) / (performance.now() - begunMs));
console.log(JSON.stringify({ perSecond, missed, ...resolver.counts }));
resolver.stop();
