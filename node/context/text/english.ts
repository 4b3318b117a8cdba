// What the index knows of English beside its endings. Other languages are found by their words as they stand.

/** Function words, and what is left of contracted ones: in a question they carry no subject, and in a small memory they would outweigh one. */
export const functionWords: ReadonlySet<string> = new Set(
  (
    'a about am an d ll m re s t ve and any are as at be been being but by can could did do does doing done for from get got had has have having he her him his how i if in into is it its just know me mine ' +
    'my of on or our please remember say she should so some tell than that the their them then there these they this those to too us was we were what when where which who whom whose why will with would you your'
  ).split(' ')
)

/** Forms that no ending leads back to their word. Not lives and leaves: who says them of a person or a train means the verbs. */
export const irregularForms: ReadonlyMap<string, string> = new Map(
  (
    'go:went,gone buy:bought take:took,taken make:made see:saw,seen eat:ate,eaten drink:drank,drunk drive:drove,driven ride:rode,ridden write:wrote,written speak:spoke,spoken say:said tell:told give:gave,given ' +
    'come:came become:became begin:began,begun run:ran swim:swam,swum sing:sang,sung ring:rang,rung bring:brought think:thought teach:taught catch:caught fight:fought seek:sought sell:sold build:built send:sent ' +
    'spend:spent lend:lent bend:bent lose:lost leave:left keep:kept sleep:slept sweep:swept feel:felt meet:met lead:led win:won grow:grew,grown know:knew,known throw:threw,thrown blow:blew,blown fly:flew,flown ' +
    'draw:drew,drawn wear:wore,worn tear:tore,torn break:broke,broken steal:stole,stolen choose:chose,chosen freeze:froze,frozen fall:fell,fallen forget:forgot,forgotten hide:hid,hidden bite:bit,bitten hold:held ' +
    'hear:heard pay:paid find:found bind:bound stand:stood understand:understood wake:woke,woken shake:shook,shaken shoot:shot light:lit dig:dug stick:stuck hang:hung strike:struck sit:sat lie:lay,lain lay:laid ' +
    'mean:meant deal:dealt dream:dreamt learn:learnt burn:burnt feed:fed breed:bred flee:fled slide:slid rise:rose,risen swear:swore,sworn bear:bore,born forgive:forgave,forgiven child:children man:men woman:women ' +
    'foot:feet tooth:teeth goose:geese mouse:mice person:people wife:wives knife:knives half:halves shelf:shelves'
  )
    .split(' ')
    .flatMap(entry => {
      const [word = '', forms = ''] = entry.split(':')
      return forms.split(',').map(form => [form, word] as const)
    })
)
