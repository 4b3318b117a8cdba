/**
 * Statements about this and that, as people remember them. What a question has in common with them says nothing: each encoder has cosines of its own for what is not related, near 0
 * for one and above 0.7 for another.
 */
export const unrelated = [
  'the car needs new winter tires', 'Maria was born in Lisbon', 'the meeting was moved to Thursday at ten', 'I am allergic to peanuts', 'we painted the kitchen light green',
  'the library closes at six on Fridays', 'Tom broke his arm while skiing', 'my passport expires next March', 'the recipe takes two cups of flour', 'our neighbours have a loud dog',
  'I started to learn the guitar', 'the train to the airport leaves every half hour', 'Grandma liked to knit by the window', 'the printer is out of paper', 'we saw whales near the coast',
  'my sister works as a nurse', 'the rent is due on the first of the month', 'he prefers tea without sugar', 'the museum of modern art is free on Sundays', 'I forgot my umbrella on the bus',
  'the tomatoes on the balcony are ripe', 'they got married in a small church', 'the new phone has a better camera', 'I run five kilometres every morning'
] as const

/** So many standard deviations above what is not related something begins to be, and is for certain. */
const [begins, certain] = [2, 6]
/** Least standard deviation: of an encoder that finds everything unrelated equally unrelated. */
const leastDeviation = 0.02

/** The median distance from the median of a normal distribution, in standard deviations. */
const medianDistance = 0.6745

/** How close a cosine is, 0 … 1, by those of the same question with what is not related. Some of these may be related all the same: the middle of them counts, and not the mean. */
export function closenessBy(background: readonly number[]): (similarity: number) => number {
  const middle = median(background)
  const deviation = Math.max(leastDeviation, median(background.map(each => Math.abs(each - middle))) / medianDistance)
  return similarity => Math.min(1, Math.max(0, ((similarity - middle) / deviation - begins) / (certain - begins)))
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
