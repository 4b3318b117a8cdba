/** Whether the user calls something a secret: such a thing is kept when they ask for it, and not learned by the way. */
export function isCalledSecret(text: string): boolean {
  return called.test(text)
}

/**
 * Whether a text gives away what nobody else is to know: a password or the like with its value, the number of a card (Luhn) or of a bank account (IBAN), a key of a program, or what the user calls a
 * secret. It errs on the side of yes: a secret is kept on the device where it was told, unless the user says otherwise.
 */
export function isSecret(text: string): boolean {
  const plain = text.normalize('NFKC')
  return named.test(plain) || pin.test(plain) || keys.test(plain) || isCalledSecret(plain) || cardNumbers(plain).some(isLuhn) || ibans(plain).some(isIban)
}

/** What opens something, followed by what it is; without a value nothing is given away ("I forgot my password"). Also in the most usual words of some other languages. */
const named =
  /\b(?:pass ?words?|pass ?codes?|pass ?phrases?|passwd|pwd|cvv2?|cvc2?|puk|security codes?|recovery codes?|backup codes?|seed phrases?|recovery phrases?|private keys?|secret keys?|api[ -]?keys?|access[ -]?(?:keys?|tokens?)|api[ -]?tokens?|secret tokens?|social security number|ssn|pass ?wort|kennwort|mot de passe|contrase[ñn]a|senha|has[łl]o)\b[^.!?\n]{0,80}?(?:\b(?:is|are|was|to|reads|ist|lautet|est|es|é|jest)\b|[:=]|^)\s*\S|(?:密码|口令|パスワード|暗証番号|비밀번호)\S*?\s*\S{3}/iu
/** A pin is also something else; one that opens something has digits. */
const pin = /\b(?:pins?|pin (?:code|number)s?|geheimzahl|tans?)\b[^.!?\n]{0,60}?\d{3,}/iu
/** Of well-known services, of keys in files, signed tokens, and long words of mixed letters and digits. */
const keys = /\b(?:sk|pk|rk|ghp|gho|ghs|glpat|xox[abprs]|AKIA|ASIA|AIza|hf|npm)[-_]?[A-Za-z0-9_-]{16,}|\beyJ[\w-]+\.[\w-]+\.|-----BEGIN [A-Z ]*PRIVATE KEY|(?<![\w/.:-])(?=[\w+-]*\d)(?=[\w+-]*[a-z])(?=[\w+-]*[A-Z])[\w+-]{24,}(?![\w/.:-])|(?<![\w/.:-])(?=[0-9a-f]*\d)[0-9a-f]{32,}(?![\w/.:-])/u
const called = /\b(?:secret|confidential|classified|between (?:us|you and me)|(?:tell|told) (?:no ?body|no one)|(?:do not|don['’]?t) tell (?:anybody|anyone|a soul)|nobody (?:else )?(?:must|may|should) know|off the record)\b/iu

/** 13 to 19 digits, the first of which says that it is of a bank or the like (ISO/IEC 7812-1), and the first four of which are written together. A tenth of all numbers pass the check of Luhn, so that counts and dates one after the other would. */
function cardNumbers(text: string): string[] {
  return Array.from(text.matchAll(/(?<![\d-])[2-6]\d{3}(?:[ -]?\d){9,15}(?![\d-])/g), ([found]) => found.replaceAll(/[ -]/g, ''))
}

/** ISO/IEC 7812-1, annex B. */
function isLuhn(digits: string): boolean {
  const sum = Array.from(digits, Number).reverse().reduce((total, digit, index) => total + (index % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit), 0)
  return sum % 10 === 0 && /[1-9]/.test(digits)
}

function ibans(text: string): string[] {
  return Array.from(text.toUpperCase().matchAll(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{1,4}){3,8}\b/g), ([found]) => found.replaceAll(' ', ''))
}

/** ISO 13616: 15 to 34 characters, which as a number, the first four at its end, leave 1 when divided by 97. */
function isIban(text: string): boolean {
  // Words that follow may look like a part of it.
  for (let length = Math.min(34, text.length); length >= 15; length--) {
    const digits = Array.from(text.slice(4, length) + text.slice(0, 4), each => Number.parseInt(each, 36)).join('')
    if (Array.from(digits).reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1) return true
  }
  return false
}
