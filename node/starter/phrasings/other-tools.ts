// More phrases to learn from, beside those of tasks/other-tools.ts, of tools that are learned from: whoever wrote them saw none that are held back for validation and test, and none of these is one.

/** By the name of the tool. */
export const otherTools: Readonly<Record<string, readonly string[]>> = {
  weather: [
    "what's it like outside in <city>", "what's the forecast for <city>", "what's the temperature in <city>", 'what sort of weather do they have in <city>', 'what will the weather be like in <city>',
    'what weather can I expect in <city>', "how's the weather over in <city>", 'how hot does it get in <city> today', 'how many degrees is it in <city>', 'is it cold in <city>', 'is it sunny in <city> right now',
    'is it snowing in <city>', 'is it going to rain in <city>', 'is it warm enough for shorts in <city>', 'is there a storm coming to <city>', 'will it rain in <city> today', 'will it snow in <city> tomorrow',
    'will I need a coat in <city>', 'should I take a raincoat to <city>', 'does it rain in <city> at the moment', 'do they have sun in <city>', 'can you check the forecast for <city>',
    'could you tell me how the weather is in <city>', 'give me the weather for <city>', 'show me the weather forecast for <city>', 'get me the forecast for <city>', 'look up the weather in <city>',
    "find out if it's raining in <city>", "let me know what the weather's doing in <city>", "I'm off to <city>, what's the weather like", 'I want to know the weather in <city>', "I'd like the forecast for <city>",
    '<city> weather', '<city> forecast please', "<city>, what's the weather there", '<city>: rain or sun', 'weather report for <city>', 'temperature in <city>', 'any rain in <city>', 'weather: <city>'
  ],
  play_music: [
    'play <title> for me', 'play <title> now', 'play the song <title>', 'play <title> again', 'play a bit of <title>', 'play <title> on the speakers', 'could you play <title>', 'would you play <title> for us',
    'can we have <title> on', 'can I hear <title>', 'let me hear <title>', "let's hear <title>", "let's have <title>", 'put some <title> on please', 'stick <title> on', 'throw on <title>', 'pop <title> on',
    'crank up <title>', 'blast <title>', 'start <title> on the stereo', 'start the music, <title>', 'queue up <title>', 'stream <title>', 'shuffle <title>', 'turn on <title>, the song', 'switch the music to <title>',
    'I want to hear <title>', 'I want some music, <title>', "I'd love to hear <title>", 'I feel like listening to <title>', "I'm in the mood for <title>", 'I could do with some <title>, play it', '<title>, play it',
    '<title>, please play that', '<title> on the speakers please', '<title> as music please', 'how about some music, <title>', 'some music please: <title>', 'song: <title>', 'we want to dance, play <title>'
  ],
  lights: [
    'turn <state> the <room> lights', 'turn the <room> lights <state>', 'turn the <room> light <state>', 'turn the light <state> in the <room>', 'turn the lights <state> in the <room>',
    'turn the lamp in the <room> <state>', 'turn <state> the lamps in the <room>', 'switch <state> the light in the <room>', 'switch <state> the <room> light', 'switch the light <state> in the <room>',
    'switch the lamp <state> in the <room>', 'put the <room> lights <state>', 'put the <room> light <state>', 'put <state> the light in the <room>', 'flip the <room> lights <state>',
    'flick the lights <state> in the <room>', 'set the <room> lights to <state>', 'set the lights in the <room> to <state>', 'get the <room> lights <state>', 'make sure the <room> lights are <state>',
    'lights <state> in the <room>', 'lights <state>, <room>', 'light <state> in the <room> please', '<room> lights <state>', '<room> light <state> please', 'in the <room>, turn the lights <state>',
    'in the <room> I want the light <state>', '<state> with the lights in the <room>', 'can you turn the <room> lights <state>', 'can you switch the lights <state> in the <room>',
    'can you get the light in the <room> <state>', 'could you put the lights <state> in the <room>', 'would you turn <state> the <room> lights', 'would you mind switching the <room> light <state>',
    "I'd like the <room> lights <state>", 'I want the <room> lights <state>', 'the light in the <room> should be <state>', 'the lights in the <room> need to be <state>', 'please have the <room> lights <state>',
    "I'm leaving the <room> now, lights <state>"
  ],
  thermostat: [
    'set the <room> thermostat to <degrees>', 'set <degrees> degrees in the <room>', 'set it to <degrees> degrees in the <room>', 'put the <room> at <degrees> degrees', 'put the heating in the <room> on <degrees>',
    'put the thermostat in the <room> at <degrees>', 'turn the <room> thermostat to <degrees>', 'turn the thermostat in the <room> to <degrees> degrees', 'turn the temperature in the <room> to <degrees>',
    'change the <room> temperature to <degrees>', 'change the heating to <degrees> in the <room>', 'adjust the <room> to <degrees> degrees', 'get the <room> to <degrees> degrees', 'warm the <room> to <degrees>',
    'make it <degrees> degrees in the <room>', 'make the <room> <degrees> degrees warm', 'keep the <room> at <degrees> degrees', 'keep it at <degrees> in the <room>', 'hold the <room> at <degrees>',
    '<room> thermostat <degrees>', '<room> heating to <degrees> degrees', '<room> at <degrees> degrees please', 'heating in the <room>: <degrees>', 'temperature <room> <degrees> degrees',
    '<degrees> degrees for the <room>', 'I want <degrees> degrees in the <room>', 'I want the <room> at <degrees>', "I'd like it to be <degrees> degrees in the <room>", 'I need <degrees> degrees in the <room>',
    'the <room> should be <degrees> degrees', 'the thermostat in the <room> should say <degrees>', 'it should be <degrees> degrees in the <room>', "it's chilly, set the <room> to <degrees>",
    'can you set the thermostat to <degrees> in the <room>', 'can you heat the <room> to <degrees> degrees', 'could you set the <room> heating to <degrees>', 'could you warm the <room> to <degrees> degrees',
    'could we have <degrees> degrees in the <room>', 'would you put the <room> thermostat on <degrees>', 'let the <room> be <degrees> degrees'
  ],
  send_message: [
    'message <to>: <text>', 'message <to> this: <text>', 'message <to> with <text>', 'msg <to>: <text>', 'text <to> for me: <text>', 'send a message to <to>: <text>', 'send a text to <to>: <text>',
    'send <to> a note: <text>', 'send <to> the following: <text>', 'send the text <text> to <to>', 'send <text> to <to>', 'send <text> as a message to <to>', 'send <text> to <to> by text',
    'can you send <to> a message: <text>', 'can you text <to> this: <text>', 'could you text <to>: <text>', 'could you message <to> saying <text>', 'could you send <text> to <to>', 'could you let <to> know: <text>',
    'write to <to>: <text>', 'write <to> a text: <text>', 'write <to> this message: <text>', 'write <to> saying <text>', 'drop <to> a line: <text>', 'drop <to> a message: <text>', 'shoot <to> a text: <text>',
    'shoot <to> a message saying <text>', 'ping <to>: <text>', 'fire off a message to <to>: <text>', 'tell <to> by message: <text>', 'tell <to> in a text: <text>', 'tell <to> by text that <text>',
    'let <to> know in a message: <text>', 'new text for <to>: <text>', 'sms to <to>: <text>', 'to <to>: <text>, send it as a text', 'I want to send <to> a message: <text>', "I'd like to message <to>: <text>",
    'I need to text <to>: <text>', 'pass this on to <to> by text: <text>'
  ],
  translate: [
    'translate <text> to <language> for me', 'translate into <language>: <text>', 'translate this to <language>: <text>', 'translate this into <language> please: <text>', 'translation of <text> into <language>',
    'translation to <language>: <text>', 'could you translate <text> to <language>', 'would you translate <text> into <language> for me', 'can you tell me how to say <text> in <language>',
    'could you give me <text> in <language>', 'how do you say <text> in <language>', 'how does one say <text> in <language>', 'how is <text> said in <language>', 'how does <text> translate into <language>',
    "what's the <language> for <text>", "what's the <language> translation of <text>", 'what does <text> become in <language>', 'what do they call <text> in <language>', 'what do you say in <language> for <text>',
    'what would <text> be in <language>', 'what is <text> when you say it in <language>', 'which <language> word means <text>', 'say <text> in <language>', 'say it in <language>: <text>', 'put <text> into <language>',
    'put this in <language>: <text>', 'turn <text> into <language>', 'write <text> in <language>', 'render <text> in <language>', 'express <text> in <language>', 'get me a <language> translation of <text>',
    'teach me to say <text> in <language>', '<text>, and in <language>', '<language> translation of <text> please', '<language> word for <text>', 'I need <text> in <language>', 'I want to say <text> in <language>',
    "I'd like <text> translated into <language>", 'I need a translation of <text> to <language>', 'I have to know <text> in <language>'
  ],
  call_person: [
    'call <name> now', "call <name> please, it's urgent", 'call up <name>', 'could you call <name>', 'can you give <name> a call', 'can you phone <name> for me', 'can you ring <name>', 'can you dial <name>',
    'can you get <name> on the line', 'can you get hold of <name> by phone', 'could you ring up <name>', 'could you connect me to <name>', 'phone <name> now', 'phone up <name>', 'ring <name> up', 'ring <name> for me',
    'ring up <name> please', 'give <name> a ring', 'give <name> a bell', 'give <name> a buzz', 'buzz <name>', 'dial <name> for me', 'dial up <name>', 'start a call with <name>', 'start a phone call to <name>',
    'put me through to <name>', 'connect me with <name>', 'try calling <name>', "try <name>'s phone", 'I want to talk to <name> on the phone', "I'd like to phone <name>", "I'd like to speak to <name>, please call",
    'I have to call <name>, dial please', 'I must speak with <name>, call now', 'let me call <name>', "let's call <name>", "let's phone <name>", '<name> on the phone please', '<name>, call please', 'facetime <name>'
  ],
  open_app: [
    'open <app> for me', 'open <app> now', 'open the app <app>', 'open my <app>', 'open <app> on my phone', 'open up the <app> app', 'start <app> for me', 'start up <app>', 'start the <app> app', 'start running <app>',
    'launch <app>', 'launch the app <app>', 'can you launch <app>', 'can you pull up the <app> app', 'could you open the <app> app for me', 'could you launch <app>', 'run <app>', 'fire up <app>', 'boot up <app>',
    'bring up <app>', 'bring <app> to the front', 'pull up <app>', 'load <app>', 'get <app> up', 'get <app> open', 'get <app> running', 'go to <app>', 'change to <app>', 'take me to <app>',
    'I want to use <app>, open it', 'I want <app> open', 'I want to open <app>', 'I need to get into <app>', "I'd like to use the <app> app", "I'd like <app> opened", 'let me into <app>', '<app>, open it',
    '<app> app please', 'app: <app>', 'have <app> opened please'
  ],
  web_search: [
    'search for <query> on the web', 'search for <query> online', 'search online: <query>', 'search Google for <query>', 'web search: <query>', 'internet search: <query>', 'do an online search for <query>',
    'do a search on the web for <query>', 'run a search online for <query>', 'start a web search: <query>', 'google <query> for me', 'could you google <query>', 'just google <query>', "let's google <query>",
    'I want to google <query>', 'look up <query> online', 'look up <query> on the web', 'look <query> up online', 'look online for <query>', 'look on Google for <query>', 'check the web for <query>',
    'check online for <query>', 'see what the web says about <query>', 'see what you find online about <query>', 'find <query> on the internet', 'find information about <query> online', 'research <query> online',
    'get results from the web on <query>', 'show me search results for <query>', 'show me what the internet has on <query>', 'what does the internet say about <query>', 'can you do a web search on <query>',
    'I need you to google <query>', "I'd like you to search online for <query>", '<query>, google it', '<query>, look it up on the web', '<query>, search online', 'go online and find <query>',
    'go on the internet and look for <query>', 'use the web to find <query>'
  ],
  recipe: [
    '<dish> recipe', '<dish>, find me a recipe', '<dish>: how is it made, recipe please', 'a good recipe for <dish>', 'an easy <dish> recipe please', 'find me a <dish> recipe', 'find a good <dish> recipe',
    'find an easy recipe for <dish>', 'find out how to cook <dish>', 'find instructions for making <dish>', 'get me a <dish> recipe', 'give me a recipe for <dish>', 'give me a <dish> recipe',
    'give me cooking instructions for <dish>', 'show me a <dish> recipe', 'show me how to make <dish>', 'show me how to cook <dish>', 'bring up a recipe for <dish>', 'pull up a <dish> recipe',
    'look up the <dish> recipe', 'search for a <dish> recipe', 'search recipes for <dish>', 'tell me how to make <dish>', 'tell me how to cook <dish>', 'tell me the recipe for <dish>', 'teach me to cook <dish>',
    'suggest a recipe for <dish>', 'how do I prepare <dish> at home', "what's the recipe for <dish>", 'can you find me a <dish> recipe', 'could you look up how to make <dish>', 'have you got a recipe for <dish>',
    'any recipes for <dish>', 'I want to make <dish>, get me a recipe', "I'd like to cook <dish>, how do I do that", 'I need a recipe for <dish>', "I'd like a recipe for <dish>",
    "I'm cooking <dish> tonight, find a recipe", 'I feel like cooking <dish>, recipe please', "we're making <dish>, what's the recipe"
  ],
  currency: [
    'what is <amount> in yen', "what's <amount> in yen", 'what would <amount> be in yen', 'what does <amount> come to in yen', 'what do you get in yen for <amount>', 'what does <amount> make in yen',
    'how much yen is <amount>', 'how much yen would <amount> be', 'how much would I get in yen for <amount>', 'how many yen do I get for <amount>', 'how many yen is <amount>', 'how many yen can I buy with <amount>',
    'how many yen would <amount> give me', 'convert <amount> to yen for me', 'convert to yen: <amount>', 'conversion of <amount> to yen', 'change <amount> to yen', 'work out <amount> in yen', 'give me <amount> in yen',
    'show me <amount> in yen', 'tell me how many yen <amount> is', '<amount> into yen', '<amount>, how many yen is that', '<amount>, how much is that in yen', "<amount>, what's that in yen", '<amount> is how many yen',
    '<amount> is how much in yen', '<amount> = how many yen', 'yen for <amount>', 'yen: <amount>', "in yen, what's <amount>", 'can you change <amount> to yen', 'could you convert <amount> to yen',
    'I need <amount> in yen', "I'd like to know what <amount> is in yen", 'I want to know how many yen I get for <amount>', 'if I change <amount>, how many yen do I get', 'do the conversion from <amount> to yen',
    "at today's rate, what's <amount> in yen", "please convert <amount> at today's rate"
  ],
  camera: [
    'show me the camera from the <place>', 'show me what the <place> camera sees', 'show me the live picture of the <place>', 'open the <place> camera', 'open the camera in the <place>', 'pull up the <place> camera',
    'pull up the camera in the <place>', 'bring up the camera feed from the <place>', 'put the <place> camera on the screen', 'turn on the <place> camera', 'switch to the <place> camera', 'display the <place> camera',
    'display the camera feed of the <place>', 'get the <place> camera up', 'look at the <place> camera', 'look through the camera in the <place>', 'have a look at the <place> with the camera',
    'take a look through the <place> camera', 'check the <place> camera', 'let me see the <place> camera', 'what does the camera in the <place> show', "what's happening in the <place>, show the camera",
    "what's going on in the <place>, check the camera", 'what can you see on the <place> camera', 'who is on the <place> camera', 'is there someone in the <place>, look at the camera',
    'can I look at the <place> on camera', 'could I have the <place> camera', '<place> camera', '<place> camera feed', '<place>, camera view', 'camera view of the <place>', 'live feed from the <place>',
    'live view of the <place> camera', 'I want to see the <place> camera', 'I want to see what the camera in the <place> sees', "I'd like to see the <place> camera", 'I heard a noise in the <place>, show me the camera',
    'stream the <place> camera'
  ]
}
