import type { Locator, Page } from 'playwright-core'

/** How long a page may take for anything, in ms: several tests share a machine. */
const patienceMs = 20_000

/** The page of a device as a person sees it. */
export class Screen {
  readonly page: Page

  constructor(page: Page) {
    this.page = page
    page.setDefaultTimeout(patienceMs)
  }

  async ready(): Promise<this> {
    await this.page.locator('#device').waitFor()
    return this
  }

  memory(text: string): Locator {
    return this.page.locator('#memories li', { hasText: text })
  }

  async add(text: string): Promise<void> {
    await this.enter(text)
    await this.memory(text).waitFor()
  }

  async enter(text: string): Promise<void> {
    await this.page.getByLabel('Remember').fill(text)
    await this.page.getByRole('button', { name: 'Add', exact: true }).click()
  }

  async join(uri: string): Promise<void> {
    await this.page.getByLabel('Invite of another device').fill(uri)
    await this.page.getByRole('button', { name: 'Join', exact: true }).click()
    await this.page.getByText('shares its memories with').waitFor()
  }

  async shows(count: number): Promise<void> {
    await this.page.locator('#count', { hasText: new RegExp(`^${count}$`) }).waitFor()
  }

  async device(name: string, state: string): Promise<void> {
    await this.page.locator('#devices li', { hasText: `${name}: ${state}` }).first().waitFor()
  }
}
