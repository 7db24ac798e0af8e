/**
 * A program: one scan of the built library whose reader sleeps after its first result for `sleepMs`, then reads on.
 * Arguments: the library's file, a request, `sleepMs`. Prints the summary and the most memory the process had, in MB.
 *
 * @module
 */

const [library, request, sleepMs] = process.argv.slice(2);
const { scan } = await import(library);

let summary;
let hasSlept = false;
for await (const fact of scan(JSON.parse(request))) {
  if (fact.type === 'summary') summary = fact;
  if (hasSlept || !['host', 'port', 'ports'].includes(fact.type)) continue;
  hasSlept = true;
  await new Promise((resolve) => setTimeout(resolve, Number(sleepMs)));
}
console.log(JSON.stringify({ ...summary, peakMB: process.resourceUsage().maxRSS / 1000 }));
