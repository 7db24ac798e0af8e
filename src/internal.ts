/**
 * The second door, for programs that do nothing but scan: what the command line uses beside the first. It promises
 * nothing from one version to the next.
 *
 * @module
 */

// Policies from scans, and audits of several vantage points joined.
export { FirstPolicy } from './audit/first-policy.ts';
export { Matrix } from './audit/matrix.ts';
// Ports and addresses as sets; text of strangers in a message.
export { badRequest } from './base/errors.ts';
export { fromKey, keyOf, type Range, RangeSet } from './base/range-set.ts';
export type { Words } from './base/words.ts';
// What users write for names, types of records and name servers.
export { isRecordType } from './dns/message/record-types.ts';
export { readDomainName } from './dns/read-domain-name.ts';
export { isServerAddress } from './dns/server-address.ts';
export { parseBlock } from './dns/zones/reverse-map.ts';
// Addresses and ranges as text, and what an answer means by a technique's table.
export { formatAddress } from './model/address.ts';
export { reasonOf, troubles } from './model/observation.ts';
export { parseAddress } from './model/parse-address.ts';
export { parseRanges } from './model/ranges.ts';
export type { Reply } from './model/reply.ts';
export type { Verdict } from './model/verdict.ts';
// Words for who is refused, and what the command line reads of targets and ports itself.
export { longDash, typographic } from './plan/long-dash.ts';
export { nearest } from './plan/nearest.ts';
export { portFileOf } from './plan/port-files.ts';
export { quoted } from './plan/quoted.ts';
export { unreadable } from './plan/read-trouble.ts';
export { splitTargets } from './plan/split-targets.ts';
// Arguments that hold nobody's key.
export { withoutKey } from './plan/without-key.ts';
export { openWritable, writeTrouble } from './plan/write-trouble.ts';
export { type MatrixWriter, matrixNdjson, matrixText } from './report/checks/matrix.ts';
export { fingerprints } from './report/index.ts';
export { ndjsonLine } from './report/lines.ts';
export { withHosts } from './report/names/with-hosts.ts';
export { bySeverity, counted, serviceName, someRanges, sureText, versionText } from './report/phrases.ts';
export { fateText, portsIn } from './report/policy/rows.ts';
export { replyText, timesText } from './report/probe-words.ts';
export { serviceDetails } from './report/service-words.ts';
// What a journal holds.
export {
  beginsJournal,
  isJournalFile,
  type JournalFacts,
  journalFacts,
} from './scan/journal/journal-facts.ts';
export { requestOfJournal } from './scan/names/names-journal.ts';
// A worker before the request is known.
export { type Ahead, startAhead } from './scan/runner/call-ahead.ts';
export { callAhead } from './scan/runner/thread-runner.ts';
export { isHangUpIgnored } from './system/hang-up.ts';
// The process it runs in, and the files it writes.
export { isAbandoned } from './system/is-abandoned.ts';
export { marksOf } from './system/open-output.ts';
export { leave } from './system/threads.ts';
export { writeAll } from './system/write-all.ts';
export { classify } from './techniques/classify.ts';
