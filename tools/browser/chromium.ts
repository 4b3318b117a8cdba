import { existsSync, mkdtempSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright-core'

/** Where Linux systems put it; KINMESH_CHROMIUM names another. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
const found = [process.env['KINMESH_CHROMIUM'] ?? '', ...places].find(path => existsSync(path))

/** For a test file to export as `missing`. */
export const missingBrowser = found === undefined ? 'Chromium (set KINMESH_CHROMIUM to its path)' : undefined

const flags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync']

/** A browser with a profile of its own, which outlives it. */
export class Browser {
  readonly profile = mkdtempSync(join(tmpdir(), 'kinmesh-browser-'))
  readonly #flags: readonly string[]
  #context: BrowserContext | undefined

  constructor(...flags: readonly string[]) {
    this.#flags = flags
  }

  /** The running browser, started on first use. */
  async context(): Promise<BrowserContext> {
    this.#context ??= await chromium.launchPersistentContext(this.profile, { executablePath: found ?? '', headless: true, args: [...flags, ...this.#flags], handleSIGINT: false, handleSIGTERM: false })
    return this.#context
  }

  /** A new tab at `url`. Errors that nobody in the page caught are added to `errors`. */
  async open(url: string, errors: string[] = []): Promise<Page> {
    const page = await (await this.context()).newPage()
    page.on('pageerror', error => void errors.push(error.stack ?? String(error)))
    await page.goto(url)
    return page
  }

  /** Closes it as a person would; the profile stays. */
  async close(): Promise<void> {
    await this.#context?.close()
    this.#context = undefined
  }

  /** Ends the process at once, as a crash or the lack of memory would. The next page opens a new browser on the same profile. */
  async kill(): Promise<void> {
    const context = await this.context()
    const gone = new Promise<void>(resolve => void context.once('close', () => resolve()))
    // The lock of the profile names its process: "host-pid".
    process.kill(Number(readlinkSync(join(this.profile, 'SingletonLock')).split('-').at(-1)), 'SIGKILL')
    await gone
    this.#context = undefined
  }

  /** Ends it for good and removes what it left. */
  async remove(): Promise<void> {
    await this.close()
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
