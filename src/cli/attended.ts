// The command, for as long as the program that started it is there: its end is a Ctrl-C here. Started by path, with an IPC channel.
process.on("disconnect", () => process.kill(process.pid, "SIGINT"));
// Nothing is said over the channel: it shall not keep this program alive.
process.channel?.unref();
await import("./main.ts");
