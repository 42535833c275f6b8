/** What the server has stored of a client log that was sent to it. */
export interface Reported {
  /** By which administrators find it; undefined where the server does not say. */
  number: number | undefined;
  lines: number;
  /** By the server's clock. */
  atMs: number;
}
