/** What a package of native code runs on, as package.json says it. */
export type Platform = { os: [string]; cpu: [string]; libc?: [string] }

const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 's390x', 'riscv64', 'x64']

/** As some packages call them. */
const otherNames: Readonly<Record<string, string>> = { mac: 'darwin', win: 'win32' }

/** Reads it off a name like `@oxlint/binding-linux-arm-musleabihf`; undefined where the name does not say. */
export function platformOf(name: string): Platform | undefined {
  const parts = name.split(/[-/]/).map(part => otherNames[part] ?? part)
  const at = parts.findIndex(part => systems.includes(part))
  const [os, cpu, abi = ''] = at < 0 ? [] : parts.slice(at)
  if (os === undefined || cpu === undefined || !processors.includes(cpu)) return undefined
  const libc = os === 'linux' ? (abi.startsWith('musl') ? 'musl' : abi.startsWith('gnu') ? 'glibc' : undefined) : undefined
  return { os: [os], cpu: [cpu], ...(libc && { libc: [libc] }) }
}
