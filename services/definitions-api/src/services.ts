import type { SecretKeys } from '@millrace/db';
import type { Codec } from '@millrace/messages';
import type { CommandSender } from './command-sender.ts';

/** What routes work with, beside the request: not the database, which they see as their request's tenant only. */
export interface Services {
  codec: Codec;
  sender: CommandSender;
  /** Called after a change of a definition has committed. */
  onDefinitionChanged: () => void;
  /** ms since the epoch. */
  now: () => number;
  /** What secrets are sealed with; null: this installation keeps none. */
  secretKeys: SecretKeys | null;
}
