// Preloaded into every supervised process (`node --import`). The parent's end of the IPC channel closes however the parent
// ends, kill -9 included; a service must not outlive it. It gets the time that a graceful stop may take, then it is ended.
const stopBoundMs = 30_000;

if (process.channel) {
  process.once('disconnect', () => {
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), stopBoundMs).unref();
    process.kill(process.pid, 'SIGTERM');
  });
  // Listening to `disconnect` would keep the process alive by itself.
  process.channel.unref();
}
