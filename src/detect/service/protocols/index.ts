/**
 * All protocols, in the order in which answers are tried on them: those of each folder, one folder after the other.
 *
 * @module
 */

import type { DatagramProtocol, Protocol } from '../contract.ts';
import { databasesDatagrams, databasesProtocols } from './databases/index.ts';
import { filesDatagrams, filesProtocols } from './files/index.ts';
import { machinesDatagrams, machinesProtocols } from './machines/index.ts';
import { mailDatagrams, mailProtocols } from './mail/index.ts';
import { mediaDatagrams, mediaProtocols } from './media/index.ts';
import { messagingDatagrams, messagingProtocols } from './messaging/index.ts';
import { namesDatagrams, namesProtocols } from './names/index.ts';
import { remoteDatagrams, remoteProtocols } from './remote/index.ts';
import { simpleDatagrams, simpleProtocols } from './simple/index.ts';
import { tunnelsDatagrams, tunnelsProtocols } from './tunnels/index.ts';
import { webDatagrams, webProtocols } from './web/index.ts';

/** The protocols over TCP. */
export const protocols: readonly Protocol[] = [
  ...webProtocols,
  ...remoteProtocols,
  ...mailProtocols,
  ...filesProtocols,
  ...databasesProtocols,
  ...messagingProtocols,
  ...namesProtocols,
  ...mediaProtocols,
  ...machinesProtocols,
  ...tunnelsProtocols,
  ...simpleProtocols,
];

/** The protocols over UDP. */
export const datagramProtocols: readonly DatagramProtocol[] = [
  ...webDatagrams,
  ...remoteDatagrams,
  ...mailDatagrams,
  ...filesDatagrams,
  ...databasesDatagrams,
  ...messagingDatagrams,
  ...namesDatagrams,
  ...mediaDatagrams,
  ...machinesDatagrams,
  ...tunnelsDatagrams,
  ...simpleDatagrams,
];
