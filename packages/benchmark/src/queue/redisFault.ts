/** Whether an error is Redis's, such as a lost connection, a server that is still loading or has no memory left: it may go well the next time. */
export function isRedisFault(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error.name === 'ReplyError' || error.name === 'MaxRetriesPerRequestError' || /connection is closed|connection is in closing|stream isn't writeable/i.test(error.message) || 'syscall' in error;
}

/** A note that is given again only if it says something else, or after half a minute. */
export function noteOnce(note: (text: string) => void): (text: string) => void {
  let last = '';
  let at = -Infinity;
  return (text) => {
    if (text === last && performance.now() - at < 30_000) return;
    last = text;
    at = performance.now();
    note(text);
  };
}
