/** A pause that can be cut short. A wake that comes before the pause makes it end at once; many count as one. */
export interface Alarm {
  sleep(ms: number): Promise<void>;
  wake(): void;
}

export function createAlarm(): Alarm {
  let woken = false;
  let ring: (() => void) | null = null;
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          ring = null;
          woken = false;
          resolve();
        };
        const timer = setTimeout(end, Math.max(0, ms));
        ring = end;
        if (woken) end();
      }),
    wake: () => {
      woken = true;
      ring?.();
    },
  };
}

/** `work`, or a rejection with what `timedOut` makes once `ms` have passed; `work` itself goes on. */
export function within<T>(work: Promise<T>, ms: number, timedOut: () => Error): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(timedOut()), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
