import { textOf } from '../../node/memory.ts'
import type { PageDevice } from '../../node/page-device.browser.ts'
import { element } from './elements.browser.ts'

type Space = ReturnType<PageDevice['sync']['space']>

/** Memories shown at once; "Show more" adds as many. */
const pageLength = 100

/** Keeps the list of memories as the space is: newest first, a page of it. */
export class MemoryList {
  readonly #list = element('memories', HTMLOListElement)
  readonly #count = element('count', HTMLElement)
  readonly #more = element('more', HTMLButtonElement)
  readonly #space: () => Space
  readonly #forget: (id: string) => void
  #length = pageLength
  #drawing = false

  constructor(space: () => Space, forget: (id: string) => void) {
    this.#space = space
    this.#forget = forget
    this.#more.addEventListener('click', () => {
      this.#length += pageLength
      this.draw()
    })
  }

  /** Draws with the next frame, however many changes there are until then. */
  changed(): void {
    if (this.#drawing) return
    this.#drawing = true
    requestAnimationFrame(() => {
      this.#drawing = false
      this.draw()
    })
  }

  draw(): void {
    const space = this.#space()
    this.#count.textContent = String(space.count)
    this.#more.hidden = space.count <= this.#length
    this.#list.replaceChildren(...newest(space, this.#length).map(item => this.#line(item)))
  }

  #line(item: { id: string; text: string }): HTMLLIElement {
    const line = document.createElement('li')
    const text = document.createElement('span')
    const forget = document.createElement('button')
    text.textContent = item.text
    forget.type = 'button'
    forget.textContent = 'Forget'
    forget.setAttribute('aria-label', `Forget: ${item.text}`)
    forget.addEventListener('click', () => this.#forget(item.id))
    line.append(text, ' ', forget)
    return line
  }
}

/** The items that changed last, newest first: looks back from the latest change in steps, as removed items leave gaps. */
function newest(space: Space, length: number): { id: string; text: string }[] {
  const wanted = Math.min(length, space.count)
  for (let back = wanted; ; back *= 2) {
    const rev = Math.max(0, space.rev - back)
    const items = space.changesSince(rev, back).flatMap(({ item }) => item ?? [])
    if (items.length >= wanted || rev === 0) return items.slice(-wanted).reverse().map(item => ({ id: item.id, text: textOf(item) }))
  }
}
