const verb = "(?:is|isn't|are|aren't|was|were|has|have|had|will|won't|can|can't|cannot|does|doesn't|did|likes?|loves?|hates?|prefers?|lives?|works?|needs?|wants?|owns?|plays?|eats?|drinks?|speaks?|starts?|ends?|costs?|expires?|comes?|goes|moved|got|went|came|bought|sold|left|broke|died|became|turned|married|met|lost|found|born|called|retired|studies)"
const owner = "(?:\\p{L}[\\p{L}-]*(?:'s)?)"
/** Somebody or something, and what is so of it. */
const tells = new RegExp(`^(?:(?:[Ii]|[Ww]e) \\p{L}|(?:[Ii]'m|[Ww]e're|[Ii]'ve|[Ww]e've) |(?:[Mm]y|[Oo]ur|[Tt]he) (?:${owner} ){1,4}?${verb} |(?:[Hh]e|[Ss]he|[Tt]hey|\\p{Lu}${owner}(?: (?:and )?${owner}){0,2}) ${verb} )`, 'u')
/** Words that begin a question or a wish, and may be written large. */
const asks = /^(?:is|are|am|was|were|do|does|did|has|have|had|can|could|will|would|should|may|set|add|put|make|write|show|give|list|find|search|look|convert|count|call|delete|cancel|stop|start|say|spell|thanks?|hello|hi|hey|good|please|yes|no|ok|okay)\b/i
const asksInside = /\?|\b(?:what|where|which|who|whose|when|how|why|whether|if|know|tell|remind|need|want|wonder|remember|forgot)\b/i

/** Whether it is told and nothing is asked, as far as words show it. */
export function isStatement(said: string): boolean {
  const text = said.trim()
  return tells.test(text) && !asks.test(text) && !asksInside.test(text)
}
