import type { FactKind } from '../facts/fact.ts'

/**
 * Words that people use when they ask for a fact, and when they tell it, beside the phrases of facts/: what English has for the same thing. No phrase of any split was looked at for them; they are put together by chance (loose-phrases.ts), so that a question may be about
 * something in words that no phrase of the training has. Keys are `group/label`.
 */
const words: Readonly<Record<string, readonly [asked: string, told: string]>> = {
  'place/': ['where live living reside based home city town located location place country region house these days residence stay settled', 'live living lives reside residing home city town moved settled based flat apartment house place there stays located relocated'],
  'origin/birthplace': ['where born birth birthplace origin originally come from native hometown grew up raised childhood roots homeland', 'born birth birthplace originally from native grew up raised childhood roots comes hails homeland'],
  'work/job': ['job work profession occupation career do living trade what kind employed role position earn field', 'job work works working profession occupation career trade employed earns living trained professional role'],
  'work/employer': ['employer company firm work for where business boss organization office employed hired workplace', 'works work working for at employer company firm employed hired joined business office staff'],
  'birthday/birthday': ['birthday born when date birth celebrate party turn older age day congratulate bday', 'birthday born birth celebrates turns date party day older bday'],
  'phone/phone number': ['phone number call ring telephone mobile cell dial reach contact text line', 'phone number call ring telephone mobile cell dial reach reached contact text line'],
  'email/email address': ['email mail e-mail address write reach contact send message inbox', 'email mail e-mail address write reach reached contact send message inbox'],
  'place/address': ['address street house number where live send letter post parcel mail package visit deliver postcard road door', 'address street house number lives live letters post parcels mail deliver road door residence visit'],
  'allergy/': ['allergic allergy allergies tolerate avoid eat reaction intolerant sick careful bad ill food', 'allergic allergy allergies tolerate avoid reaction intolerant sick cannot eat bad ill rash'],
  'food/favourite food': ['favourite favorite food dish eat meal best like love cook dinner taste enjoy order lunch', 'favourite favorite food dish eat eats meal best likes loves enjoys cook dinner delicious taste lunch'],
  'colour/favourite colour': ['favourite favorite colour color best like love prefer shade paint', 'favourite favorite colour color best likes loves prefers shade'],
  'drink/favourite drink': ['favourite favorite drink beverage best like love prefer pour offer serve thirsty order sip', 'favourite favorite drink drinks drinking beverage best likes loves prefers sip order'],
  'book/favourite book': ['favourite favorite book novel read reading best like love author story recommend', 'favourite favorite book novel read reads reading best likes loves story recommends'],
  'film/favourite film': ['favourite favorite film movie watch cinema best like love see picture recommend', 'favourite favorite film movie watch watched cinema best likes loves seen sees'],
  'band/favourite band': ['favourite favorite band music group listen hear best like love songs concert fan artist musicians', 'favourite favorite band music group listens listening best likes loves songs concert fan'],
  'instrument/instrument': ['instrument play music musical playing practise practice orchestra lessons learn', 'instrument plays play playing music musical practises practice orchestra lessons learned'],
  'hobby/hobby': ['hobby hobbies free time leisure spare weekend fun enjoy interest pastime do passion relax', 'hobby hobbies free time leisure spare weekend fun enjoys interest pastime passion into keen'],
  'language/mother tongue': ['language mother tongue native speak first talk home spoken languages', 'language mother tongue native speaks speak first talks home spoken'],
  'course/': ['learning language course class studying lessons take attend study learn school taught', 'learning learns language course class studying lessons takes attends study enrolled'],
  'shoe/shoe size': ['shoe shoes size feet foot wear boots sneakers fit big buy', 'shoe shoes size feet foot wears boots sneakers fit fits takes'],
  'height/height': ['tall height how high measure size centimetres big cm metres', 'tall height high measures centimetres metres stands'],
  'blood/blood type': ['blood type group kind donate transfusion', 'blood type group kind donor'],
  'ride/': ['car drive vehicle make model kind brand driving own motor automobile wheels', 'car drives drive driving vehicle own owns bought motor automobile wheels'],
  'diet/diet': ['diet eat eating food kind special vegetarian vegan cook meals meat nutrition', 'diet eats eating food meals follows strictly nutrition meat'],
  'team/<X> team': ['team club support fan cheer root follow favourite side', 'team club supports fan cheers roots follows favourite side supporter'],
  'school/': ['school study attend go college university pupil student classes enrolled education class', 'school studies study attends goes college university pupil student classes enrolled education'],
  'nickname/nickname': ['nickname called call friends short name known nick', 'nickname called call calls friends short name known nick'],
  'middle/middle name': ['middle name second full', 'middle name second full'],
  "pet/<X>'s name": ['name called pet animal named call', 'name called pet animal named calls'],
  "child/<X>'s name": ['name called kid child named call', 'name called kid child named calls'],
  'professional/<X>': ['name who see go visit appointment practice recommend called', 'sees goes visits see go practice called recommend patient client'],
  'marriage/': ['married husband wife spouse partner wedding marry who', 'married husband wife spouse partner wedding marry marries'],
  'member/member number': ['member membership number card club', 'member membership number card club'],
  'user/user name': ['user name username login account log sign handle', 'user name username login account logs log sign handle'],
  'present/wish': ['wish gift present want birthday Christmas give buy get like hoping wants surprise', 'wish wishes gift present wants want birthday Christmas hopes hoping would like dreams'],
  'code/code': ['code pin unlock open get in enter key combination digits lock access type', 'code pin unlock unlocks opens open enter key combination lock access type press'],
  'number/number': ['number which no digits', 'number no digits carries bears'],
  'cost/price': ['price cost much pay expensive charge money fee worth rate', 'price costs cost pay paid charge charges money fee worth'],
  'owner/owner': ['owner own owns belong property whose possession', 'owner owns own belongs belong property possession'],
  'where/': ['where city town location located find place situated', 'city town location located find found place situated in stands'],
  'colour/colour': ['colour color shade paint painted look', 'colour color shade paint painted looks'],
  'contents/': ['name called call known title', 'name called call known title named'],
  'boss/': ['charge responsible boss head leads manages runs manager leader who contact organises', 'charge responsible boss head leads manages runs manager leader organises takes care'],
  'opens/opening time': ['open opens opening time hours when start', 'opens open opening time hours from starts'],
  'when/': ['when time date day start begin starts begins hour scheduled set', 'time date day starts begins start begin hour scheduled set planned on at takes place is happening booked'],
  'at/': ['where place location held venue room building address happen happening hall take', 'place location held venue room building happen happens happening hall takes take'],
  'with/': ['who whom with me company join accompany bring come coming along together going', 'with me company joins join accompanies accompany bring bringing comes come coming along together going goes'],
  'make/brand': ['brand make made maker company manufacturer built producer model firm', 'brand make made makes maker company manufacturer built produced producer model firm'],
  'price/price': ['price cost pay paid much spend spent expensive money worth', 'price cost costs pay paid spend spent money worth bought'],
  'bought/': ['when buy bought purchase purchased get got since how long had date own', 'bought buy purchased purchase got since had have date new'],
  'serial/serial number': ['serial number identification label', 'serial number identification label'],
  'password/password': ['password passphrase log login secret access word sign', 'password passphrase log login secret access word'],
  'spot/': ['where find put keep kept leave left store stored place lost lying hide looking misplaced', 'put keep kept left leave store stored place lies lying hidden find sits'],
  'name/name': ['name call called named', 'name call called named christened'],
  'repair/': ['who repair repaired fix fixed mend mended mechanic broken workshop', 'repaired repair fixed fix mended mend mechanic took brought'],
  'lent/': ['who lent lend borrow borrowed has gave got hand loan using back', 'lent lend borrowed borrow has gave got loan using'],
  'service/': ['when service serviced maintenance check inspection due workshop next', 'service serviced maintenance check inspection due workshop next'],
  'plate/licence plate': ['licence license plate registration number registered car', 'licence license plate registration number registered'],
  'parking/parking spot': ['where park parked parking spot level bay garage leave left car', 'park parked parking spot level bay garage left']
}

const split = new Map(Object.entries(words).map(([key, [asked, told]]) => [key, { asked: asked.split(' '), told: told.split(' ') }]))

/** The words of a kind of fact; undefined for one that has none. */
export function wordsFor({ group, label }: FactKind): { readonly asked: readonly string[]; readonly told: readonly string[] } | undefined {
  return split.get(`${group}/${label ?? ''}`)
}
