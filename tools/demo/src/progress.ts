/** A line that says how far a run is: rewritten in place on a terminal, else said again every two seconds. */
export interface Progress {
  show(line: string): void;
  /** A line that stays. */
  say(line: string): void;
  end(): void;
}

const quietMs = 2000;

export function createProgress(stream: NodeJS.WriteStream): Progress {
  let shown = '';
  let shownAtMs = Number.NEGATIVE_INFINITY;
  const clear = () => {
    if (stream.isTTY && shown !== '') stream.write('\r\x1b[2K');
    shown = '';
  };
  return {
    show(line) {
      const now = performance.now();
      if (stream.isTTY) {
        const fitting = line.slice(0, Math.max(20, (stream.columns ?? 120) - 1));
        if (fitting === shown) return;
        stream.write(`\r\x1b[2K${fitting}`);
        shown = fitting;
      } else if (now - shownAtMs >= quietMs) {
        stream.write(`${line}\n`);
        shownAtMs = now;
      }
    },
    say(line) {
      clear();
      stream.write(`${line}\n`);
    },
    end: clear,
  };
}
