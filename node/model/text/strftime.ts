const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']

/** Python's strftime in English, for templates that write the date; the library's writes months in the language of the machine. Local time. */
export function strftime(format: string, nowMs: number): string {
  const now = new Date(nowMs)
  const [month, day] = [months[now.getMonth()] ?? '', days[now.getDay()] ?? '']
  const two = (value: number) => String(value).padStart(2, '0')
  return format.replace(/%([-#]?)([A-Za-z%])/g, (whole, bare: string, letter: string) => {
    // `%-d`: without the leading zero.
    const number = (value: number) => (bare ? String(value) : two(value))
    switch (letter) {
      case 'Y':
        return String(now.getFullYear())
      case 'y':
        return two(now.getFullYear() % 100)
      case 'm':
        return number(now.getMonth() + 1)
      case 'd':
        return number(now.getDate())
      case 'B':
        return month
      case 'b':
        return month.slice(0, 3)
      case 'A':
        return day
      case 'a':
        return day.slice(0, 3)
      case 'H':
        return number(now.getHours())
      case 'I':
        return number(now.getHours() % 12 || 12)
      case 'M':
        return number(now.getMinutes())
      case 'S':
        return number(now.getSeconds())
      case 'p':
        return now.getHours() < 12 ? 'AM' : 'PM'
      case '%':
        return '%'
      default:
        return whole
    }
  })
}
