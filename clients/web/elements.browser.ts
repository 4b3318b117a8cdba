/** The element of the page with this id. @throws Error when the page is not the one this program was written for */
export function element<E extends HTMLElement>(id: string, kind: abstract new () => E): E {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${kind.name} "${id}"`)
}

/** Calls `act` with the one field of a form, instead of sending the form anywhere. */
export function onSubmit(id: string, field: string, act: (value: string, form: HTMLFormElement) => Promise<void>): void {
  const form = element(id, HTMLFormElement)
  form.addEventListener('submit', event => {
    event.preventDefault()
    const value = new FormData(form).get(field)
    void act(typeof value === 'string' ? value : '', form)
  })
}
