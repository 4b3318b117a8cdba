/**
 * From 1.30 on, onnxruntime tells its makers on Linux and macOS which kinds of models it runs, and writes an identifier of the machine and what it could not send yet below
 * ~/.cache. Nothing of that happens where this is set when the library starts. To be called before that, where the environment is the process's own: in the main thread,
 * or in a worker with SHARE_ENV. Source: microsoft/onnxruntime:onnxruntime/core/platform/posix/telemetry.cc.
 */
export function turnTelemetryOff(): void {
  process.env['ORT_DISABLE_TELEMETRY'] = '1'
}
