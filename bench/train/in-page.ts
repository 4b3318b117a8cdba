import { readFileSync, readdirSync, rmSync } from 'node:fs'
import { Browser } from '../../tools/browser/chromium.ts'
import { bundleScript, isolationHeaders, serve } from '../../tools/browser/pages.ts'
import type { Measured, Steps, Task } from './tasks.ts'

/** Trains one case in a page of a browser of its own. */
export async function inPage(task: Task): Promise<Measured> {
  const folder = await bundleScript('bench/train/page.browser.ts')
  const { url, close } = await serve(folder, { headers: isolationHeaders })
  const browser = new Browser()
  try {
    const page = await browser.open(url)
    const about = await page.evaluate<Pick<Measured, 'tokens' | 'parameters'>>(`load(${JSON.stringify(task)})`)
    const rssBefore = memoryOf(browser.profile, 'VmRSS')
    const took = await page.evaluate<Steps>('run()')
    const rssPeak = memoryOf(browser.profile, 'VmHWM')
    // The system counts the most less often than what there is.
    return { ...about, ...took, rssBefore, rssPeak: rssPeak === undefined || rssBefore === undefined ? undefined : Math.max(rssPeak, rssBefore) }
  } finally {
    await browser.remove()
    await close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Bytes of the largest process of a page that a browser of this profile has: the one that trains. Undefined where there is no /proc. */
function memoryOf(profile: string, what: 'VmRSS' | 'VmHWM'): number | undefined {
  const found = ids().flatMap(id => {
    try {
      const command = readFileSync(`/proc/${id}/cmdline`, 'utf8')
      if (!command.includes('--type=renderer') || !command.includes(profile)) return []
      return [Number(new RegExp(`^${what}:\\s+(\\d+) kB$`, 'm').exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]) * 1024]
    } catch {
      return [] // it ended meanwhile
    }
  })
  return found.length === 0 ? undefined : Math.max(...found)
}

function ids(): string[] {
  try {
    return readdirSync('/proc').filter(name => /^\d+$/.test(name))
  } catch {
    return []
  }
}
