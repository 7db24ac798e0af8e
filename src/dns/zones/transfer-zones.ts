/** Zone transfers, tried at every name server of a zone (RFC 5936). @module */

import type { Asker, DnsRecord } from '../asker.ts';
import { zoneTransferFinding } from './findings.ts';
import type { Zone } from './zone-book.ts';
import type { TellNews } from './zone-news.ts';

/** How it went. */
export interface ZoneTransfer {
  /** Whether one was complete, so that all of the zone is known. */
  readonly isComplete: boolean;
  /** Servers whose transfer neither came nor was refused. */
  readonly undecided: number;
}

/**
 * Tries each server. The records of the first that gives them are told as they come, and handed to `take`; those of a
 * transfer that broke off are told too, but no record twice.
 */
export async function transferZone(
  asker: Asker,
  { apex, servers }: Zone,
  tell: TellNews,
  take: (record: DnsRecord) => void,
): Promise<ZoneTransfer> {
  let isComplete = false;
  let undecided = 0;
  // What came before it broke: bounded by what a zone has, and gone when a transfer is complete.
  let seen: Set<string> | undefined;
  for (const server of servers) {
    const isFirst = !isComplete;
    const partial = new Set<string>();
    const outcome = await asker.transfer(apex, server, (records) => {
      if (!isFirst) return;
      for (const record of records) {
        // With no server before it and none behind it, nothing can come twice.
        if (servers.length > 1) {
          const key = `${record.name} ${record.type} ${record.value}`;
          if (seen?.has(key) === true) continue;
          if (partial.size < mostRemembered) partial.add(key);
        }
        tell({ kind: 'record', record, via: 'axfr', server });
        take(record);
      }
    });
    const fact = tell({ kind: 'transfer', zone: apex, server, outcome });
    if (outcome.result === 'complete') {
      isComplete = true;
      seen = undefined;
      tell({ kind: 'finding', finding: zoneTransferFinding(apex, server, outcome.records, fact) });
    } else {
      if (outcome.result === 'partial' || outcome.result === 'timeout') undecided++;
      if (isFirst && partial.size > 0) seen = new Set([...(seen ?? []), ...partial]);
    }
  }
  return { isComplete, undecided };
}

const mostRemembered = 200_000;
