/**
 * The library door: everything a program needs to scan and to read what a scan tells. The command line is its
 * first client; a test holds it to using nothing that is not here. docs/library.md shows how.
 *
 * @module
 */

// What an audit is asked for.
export type { AuditRequest } from './audit/request.ts';
// What goes wrong on the user's or the system's side, and the codes to end with.
export { type ErrorCode, type ExitCode, exitCode, PortolanError } from './base/errors.ts';
export { version } from './base/version.ts';
// What changed from one record to another.
export { type Change, compareSnapshots } from './changes/compare.ts';
export { AnyReader } from './changes/read/open-reader.ts';
export { Snapshot } from './changes/snapshot.ts';
export { takeFact } from './changes/take-fact.ts';
export {
  changeKey,
  freshWatch,
  seenTwice,
  type WatchState,
  watchRound,
} from './changes/watcher.ts';
// Names, and how they are asked.
export { type Lookups, systemLookups } from './dns/lookups.ts';
export { NameService, type Resolved } from './dns/name-service.ts';
// What a scan tells.
export type { Address } from './model/address.ts';
export type {
  ChangedPort,
  ChangeFact,
  ChangeKind,
  ChangeSide,
  KeptFact,
  SeenFact,
} from './model/change-facts.ts';
export type { DeviceDetail, DeviceFact, DeviceKind, DeviceSource } from './model/device-fact.ts';
export type {
  CheckFact,
  CheckResult,
  Expected,
  Exposure,
  Fact,
  FindingFact,
  HostDoneFact,
  HostFact,
  PolicyAction,
  PolicyFact,
  PortFact,
  PortsFact,
  ProbeFact,
  ProbeReply,
  ProgressFact,
  RecordedFact,
  ScanFact,
  SummaryFact,
  TraceFact,
  WarningFact,
} from './model/fact.ts';
export type { ArrivedFact, ListeningFact } from './model/listener-facts.ts';
export type {
  DnsFact,
  NameSource,
  NameTotals,
  TransferFact,
  UndecidedName,
  ZoneFact,
} from './model/name-facts.ts';
export type { OsFact, OsMatch } from './model/os-fact.ts';
export { type IcmpError, icmpErrors, type TcpFlag } from './model/reply.ts';
export type { CertificateFact, Exchange, ServiceFact, ServiceStop } from './model/service-fact.ts';
export type { HostTechniqueName, PortTechniqueName } from './model/technique-name.ts';
export type { PortState, Protocol, Reason } from './model/verdict.ts';
// From what is asked to what will be done, and what that costs.
export { buildPlan, type PlanOptions } from './plan/build-plan.ts';
export { type Environment, type LocalInterface, readEnvironment } from './plan/environment.ts';
export type { Cost, Forecast, NetworkFacts } from './plan/forecast.ts';
export type { DiscoveryQuestion, Plan, PortSelection, TargetGroup, Timing } from './plan/plan.ts';
export {
  type DiscoveryProbe,
  type FirewallOptions,
  type PacketOptions,
  type PortList,
  type Request,
  type ServiceOptions,
  type TimingName,
  timingNames,
} from './plan/request.ts';
export { type ArrivalWriter, type ArrivalWriterName, arrivalWriters } from './report/arrivals/index.ts';
// The reports: facts in, text out.
export { type ChangeWriterName, changeWriters } from './report/changes/index.ts';
export type { ChangeWriter } from './report/changes/writer.ts';
export { type CheckShow, type CheckWriterName, checkWriters } from './report/checks/index.ts';
export { jsonLine, printable } from './report/escape.ts';
export {
  Collector,
  collect,
  factOfLine,
  type HostReport,
  type Out,
  type ReadOptions,
  type RecordSource,
  readFacts,
  type ScanResult,
  type ShowOptions,
  type Sink,
  type Writer,
  type WriterName,
  writeReport,
  writers,
} from './report/index.ts';
export { type KeptWriter, type KeptWriterName, keptWriters } from './report/kept/index.ts';
// What is known of names.
export { type NameWriterName, nameWriters } from './report/names/index.ts';
// A network compared with a policy.
export { type AuditOptions, audit } from './scan/audit.ts';
// Scans that are kept.
export type { Keeper, KeptFile } from './scan/journal/keeper.ts';
export { type KeptEnd, keptEnd } from './scan/journal/kept-end.ts';
export { type KeptFactsOptions, keptFacts, vendorTable } from './scan/journal/kept-facts.ts';
// Which probes arrive on the inside.
export { type HeardFact, type ListenOptions, type ListenRequest, listen } from './scan/listen/listen.ts';
export { forecastNames, type NamesForecast } from './scan/names/forecast-names.ts';
export type { NamesRequest } from './scan/names/names-request.ts';
export { type FoundRequest, searchAndScan } from './scan/names/scan-found.ts';
export { type NamesOptions, searchNames } from './scan/names/search-names.ts';
// What it will take, and carrying it out.
export { forecast } from './scan/phases/forecast.ts';
export { type Facts, run, type ScanOptions, scan } from './scan/scan.ts';
// The store of kept scans, and what they saw of a host.
export { FileKeeper } from './store/file-keeper.ts';
export { makeFolder, type StoreFolder, storeFolder, watchFolder } from './store/folder.ts';
export { type KeptScan, keptScans, tidy } from './store/kept-files.ts';
export { SeenIndex } from './store/seen-index.ts';
export { seenStates } from './store/seen-states.ts';
export { takeSeries } from './store/take-series.ts';
export { vantageOf } from './store/vantage.ts';
// What works on this machine.
export { type Capabilities, effectiveCapabilities } from './system/capabilities.ts';
export { type Check, inspect } from './system/doctor.ts';
// The techniques, as the tables they are.
export { hostTechniques, portTechniques } from './techniques/index.ts';
export type { Pattern, ProbeShape, Row, Technique } from './techniques/technique.ts';
