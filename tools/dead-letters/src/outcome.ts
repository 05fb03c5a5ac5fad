/** What a command has come to. */
export interface Outcome {
  /** For people. */
  lines: string[];
  /** For `--json`. */
  json: unknown;
  /** Something that was asked for could not be done. */
  hasFailed?: boolean;
}
