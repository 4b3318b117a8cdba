import { termsOf } from './terms.ts'

/**
 * Words that questions ask with, and words that answers say instead: "which pets" finds a dog. Everyday English, of what people tell about themselves; each list is short, for
 * each of its words is looked up. Written from general knowledge, and from no test data.
 */
const lists = `
pet animal: dog puppy cat kitten rabbit hamster parrot bird fish turtle horse
kid child: son daughter baby boy girl toddler teenager
family relative: mother father mom dad parent brother sister son daughter wife husband aunt uncle cousin grandma grandpa grandmother grandfather niece nephew child
parent: mother father mom dad mum
grandparent: grandma grandpa grandmother grandfather
sibling: brother sister
partner spouse relationship: wife husband girlfriend boyfriend married single dating divorced engaged fiance wedding
friend: buddy pal
activity hobby pastime interest: painting pottery swimming running hiking camping reading cooking baking gardening dancing yoga fishing cycling biking knitting photography climbing skiing gaming chess singing drawing surfing
exercise workout sport: running jogging swimming yoga gym football soccer basketball tennis cycling hiking boxing climbing skiing surfing golf volleyball marathon
instrument: guitar piano violin clarinet drum flute cello trumpet saxophone keyboard ukulele
music: song band concert album singer jazz rock classical pop
art: painting drawing sculpture pottery photography sketch portrait
pottery: bowl cup pot clay vase mug plate
food meal dish cuisine: pizza pasta salad soup bread cake chicken rice sushi curry breakfast lunch dinner sandwich burger
drink beverage: coffee tea water juice beer wine soda milk cocktail smoothie
dessert sweet: cake pie cookie chocolate pudding
fruit: apple banana orange strawberry grape berry mango
vegetable: carrot potato tomato onion pepper cabbage
diet: vegetarian vegan gluten
job work career profession occupation: teacher nurse doctor engineer lawyer banker counselor manager chef driver programmer developer designer artist writer accountant office company business
education school study degree: university college class course student teacher exam graduate certificate
language: english spanish french german italian chinese japanese portuguese russian arabic
vehicle transport: car bike bicycle bus train plane motorcycle truck boat van
city: paris rome london berlin tokyo york chicago boston seattle madrid barcelona
country nationality: france italy spain germany japan china india canada mexico england sweden ireland brazil
trip travel vacation holiday: beach mountain flight hotel camping tour airport museum
weather: rain snow sunny storm wind cloudy
season: spring summer autumn winter
colour color: red blue green yellow black white purple pink orange brown
clothes clothing: shirt shoe dress hat jacket coat hoodie sneaker jeans sock
jewelry jewellery: necklace ring bracelet earring
health medical illness condition: doctor hospital allergy asthma pain injury surgery diabetes sick flu fever therapy medicine
allergy: allergic
injury: broke sprain hurt accident fracture
stress relax: therapy calm yoga meditation peace massage bath
emotion feeling mood: happy sad angry scared excited nervous proud grateful anxious lonely
book: novel author read story library
movie film: watch actor cinema documentary
event: concert festival parade party conference workshop competition wedding fair meeting race ceremony
volunteer charity: shelter donate fundraiser homeless donation community
home house address: apartment flat street kitchen garden bedroom yard
furniture: sofa chair table bed couch desk lamp
device gadget: phone laptop computer tablet camera console
game: chess console board video cards
plant flower: rose tulip sunflower lily cactus tree garden
religion religious faith: church prayer god bible mosque temple
politics political: election vote government mayor campaign
money finance: salary loan debt bank budget saving price cost
celebrate celebration: birthday anniversary party wedding
move: apartment house city country relocated`

const related = new Map<string, Set<string>>()
for (const list of lists.trim().split('\n')) {
  const [asked, said] = list.split(':').map(part => termsOf(part))
  for (const term of asked!) for (const other of said!) if (other !== term) related.set(term, (related.get(term) ?? new Set()).add(other))
}

/** Terms that an answer may have where the question has this one. */
export function relatedTerms(term: string): ReadonlySet<string> {
  return related.get(term) ?? new Set()
}
