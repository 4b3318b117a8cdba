import type { GpuChoice } from '../load.ts'

/** What the kernels make use of where it is there, beyond what each card has. */
const features = ['shader-f16', 'subgroups'] as const
/** Without asking for them a page has but the least that every card has: buffers of 256 MB, and 128 MB of each at once. */
const limits = [
  'maxBufferSize', 'maxStorageBufferBindingSize', 'maxStorageBuffersPerShaderStage', 'maxComputeWorkgroupStorageSize', 'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX', 'maxComputeWorkgroupSizeY', 'maxComputeWorkgroupSizeZ', 'maxComputeWorkgroupsPerDimension'
] as const

/** A graphics card of this browser with all that it has, or why there is none: a sentence's beginning. */
export async function openGpu(choice: Exclude<GpuChoice, 'never'>): Promise<GPUDevice | string> {
  // Over plain http, and in some browsers, it is missing.
  const gpu: GPU | undefined = navigator.gpu
  if (!gpu) return 'this browser gives this page no graphics card (WebGPU)'
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return 'this browser has no graphics card that pages can use (WebGPU)'
  if (choice === 'auto' && adapter.info.isFallbackAdapter) return 'this browser has no graphics card but one that the processor stands in for'
  try {
    return await adapter.requestDevice({ requiredFeatures: features.filter(name => adapter.features.has(name)), requiredLimits: Object.fromEntries(limits.map(name => [name, adapter.limits[name]])) })
  } catch (cause) {
    return `the graphics card could not be opened (${cause instanceof Error ? cause.message : String(cause)})`
  }
}
