// In the page, from its first moment: notes when the list is there, writes a memory through the form at once, and notes when the
// page says that it is kept. Both in ms since the navigation began.
const times = { shownAt: 0, usableAt: 0 }
Object.assign(globalThis, { times })

const watch = new MutationObserver(() => {
  const form = document.querySelector<HTMLFormElement>('#add')
  const field = form?.querySelector('input')
  if (times.shownAt === 0 && form && field && document.querySelector('#memories li') && document.querySelector('#device:not([hidden])')) {
    times.shownAt = performance.now()
    field.value = `written ${times.shownAt} ms after the start`
    form.requestSubmit()
  }
  if (times.shownAt > 0 && document.querySelector('#state')?.textContent === 'Kept on this device.') {
    times.usableAt = performance.now()
    watch.disconnect()
  }
})
watch.observe(document, { childList: true, subtree: true, characterData: true, attributes: true })
