// Imported before a program that must not outlive the one that started it: the channel between the two closes when the
// parent is gone, however it went. The program is asked to stop as if it had been told to, and ended if it does not.
const PATIENCE_MS = 20_000;

// Node hands the import on to processes that the program forks; their channels are the program's business.
if (process.channel && process.env.PULSEBOARD_WATCHED_BY === String(process.ppid)) {
  process.once("disconnect", () => {
    setTimeout(() => process.kill(process.pid, "SIGKILL"), PATIENCE_MS).unref();
    process.kill(process.pid, "SIGTERM");
  });
  // Listening must not keep a finished program alive.
  process.channel.unref();
}
