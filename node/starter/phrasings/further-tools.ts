// More tools of other programs, to learn from, beside those of tasks/other-tools.ts: none of them is held back for validation and test.

/** What stands in a slot of their phrases. */
export type FurtherSlot = 'room' | 'city' | 'who' | 'title' | 'thing' | 'word' | 'number'

export const furtherTools: readonly { readonly name: string; readonly args: readonly FurtherSlot[]; readonly asks: readonly string[] }[] = [
  { name: 'account_balance', args: ['word'], asks: [
    'how much money is in my <word> account', "what's the balance of my <word> account", 'check my <word> account balance', 'show me how much I have at <word> bank', 'am I overdrawn at <word>', '<word> account balance',
    'can I still afford anything from my <word> account', 'could you look into my bank account at <word>', 'tell me what is left in the <word> account', 'I want to see my balance with <word>', 'bank balance: <word>',
    'do I have any cash left at <word> bank', 'has my salary reached the <word> account, check the balance', "let's see what the <word> account holds"
  ] },
  { name: 'train_departures', args: ['city'], asks: [
    'when does the next train to <city> leave', 'trains to <city>', 'what trains are going to <city> this afternoon', 'is there a late train for <city>', 'show departures for <city>',
    'which platform does the <city> train go from', 'I have to catch a train to <city>, when is one', 'get me the train times for <city>', 'how soon can I get a train to <city>', 'look up rail connections to <city>',
    '<city> by rail, next departure please', 'is the train to <city> on time', 'are any trains running to <city> tonight', 'can you check the railway timetable for <city>'
  ] },
  { name: 'find_parking', args: ['city'], asks: [
    'where can I park in <city>', 'parking in <city>', 'is there a free car park in <city>', 'I need somewhere to leave the car in <city>', 'any parking spots left in <city>',
    'which garages in <city> still have room for my car', 'look for cheap parking around <city>', 'can I leave my car anywhere in <city>', 'show car parks in <city>', 'driving into <city>, where do I park',
    'help me find a spot to park in <city>', 'how full are the car parks of <city>', '<city> car parks with free places'
  ] },
  { name: 'close_blinds', args: ['room'], asks: [
    'close the blinds in the <room>', 'shut the <room> blinds', 'lower the blinds in the <room>', 'blinds down in the <room>', 'pull the blinds in the <room>', 'could you let down the <room> blinds',
    'too much sun in the <room>, close the blinds', 'draw the curtains in the <room>', 'the <room> blinds should be down', 'everyone can look into the <room>, shut the blinds',
    'can you roll down the shutters of the <room>', '<room> blinds, closed please', 'bring the <room> shutters down', "I'd like the blinds shut in the <room>"
  ] },
  { name: 'brew_coffee', args: ['number'], asks: [
    'make <number> cups of coffee', 'brew <number> coffees', 'start the coffee machine for <number> cups', '<number> coffees please', 'we could all use a coffee, make <number>',
    'can I get <number> espressos from the machine', 'coffee for <number>', 'put on a pot of coffee, <number> cups', 'have the coffee maker do <number> cups', "I'd kill for a coffee, brew <number> cups",
    'let the machine make coffee for <number> people', 'get <number> cups of coffee brewing', 'would you brew coffee, <number> of them', 'coffee machine: <number> cups'
  ] },
  { name: 'print_document', args: ['title', 'number'], asks: [
    'print <title> <number> times', 'print <number> copies of <title>', 'I need <number> copies of <title> on paper', 'send <title> to the printer, <number> copies', 'can you print out <title>, <number> of them',
    'get <title> printed <number> times', 'run off <number> copies of <title>', '<number> printouts of <title> please', 'printer: <title>, <number> copies', 'could the printer do <title> <number> times',
    'let me have <title> on paper, <number> copies', 'put <number> copies of <title> through the printer', '<title>, print that <number> times', 'please make <number> prints of the document <title>'
  ] },
  { name: 'send_email', args: ['who', 'title'], asks: [
    'email <who> with the subject <title>', 'send <who> an email about <title>', 'write an email to <who>, subject <title>', 'mail <title> to <who>', 'can you email <title> over to <who>',
    'new email for <who> called <title>', 'fire off an email to <who> headed <title>', 'compose a mail to <who> about <title>', "I'd like to email <who> regarding <title>", 'put <title> in an email to <who>',
    'could <who> get an email on <title>', 'drop <who> an email titled <title>', 'email to <who>: <title>', 'forward <title> by mail to <who>'
  ] },
  { name: 'invite_guest', args: ['who', 'title'], asks: [
    'invite <who> to <title>', 'send <who> a calendar invitation for <title>', 'add <who> as a guest to the event <title>', 'calendar invite to <who> for <title>', 'ask <who> to join <title>, send an invite',
    'could you invite <who> along to <title>', '<who> should get an invitation to <title>', 'please put <who> on the guests of <title>', 'I want <who> at <title>, send out the invitation',
    'share the event <title> with <who>', 'get <who> invited to <title>', 'have an invite for <title> go out to <who>', '<title>: invite <who>', 'let <who> have a calendar invitation to <title>'
  ] },
  { name: 'stock_price', args: ['word'], asks: [
    'how is <word> stock doing', 'what are <word> shares worth', '<word> share price', 'check the stock of <word>', 'is <word> up or down on the market', 'quote for <word> stock', 'at what price does <word> trade',
    'show me the <word> stock chart', 'have my <word> shares gone up', 'give me the current price of <word> shares', 'how did <word> close on the stock exchange', 'look up shares in <word>',
    "should I sell <word>, what's the stock at", 'stocks: <word>'
  ] },
  { name: 'book_taxi', args: ['city'], asks: [
    'get me a taxi to <city>', 'call a cab to <city>', 'I need a ride to <city>', 'book a taxi that takes me to <city>', 'taxi to <city> please', 'can someone drive me to <city>, get a cab',
    'I missed the bus to <city>, send for a taxi', 'would you hail a cab for <city>', "have a taxi pick me up, I'm going to <city>", 'cab for <city>', 'fetch me a taxi, destination <city>',
    'I want to be driven to <city> by taxi', 'could I get a taxi over to <city>'
  ] },
  { name: 'buy_tickets', args: ['title', 'number'], asks: [
    'buy <number> tickets for <title>', 'get us <number> seats for <title>', '<number> tickets to <title> please', 'I want to see <title>, get <number> tickets', 'book <number> places at <title>',
    'can you get hold of <number> tickets for <title>', 'we are <number>, get tickets for <title>', 'purchase <number> tickets to see <title>', 'tickets: <title>, <number> of them', 'reserve <number> seats at <title>',
    'are there <number> tickets left for <title>, buy them', 'grab <number> tickets for <title> before they are gone', "let's go to <title>, buy <number> tickets"
  ] },
  { name: 'sports_results', args: ['word'], asks: [
    'how did <word> play', 'did <word> win', 'what was the score in the <word> game', '<word> score', 'did <word> lose again', 'show me the latest result for <word>', 'how many goals did <word> score',
    'who won the match against <word>', 'results of <word> please', 'is <word> in the lead', "how's the <word> match going", 'I missed the game, how did it end for <word>', 'check the final score for the team <word>',
    'tell me how <word> got on in their match'
  ] },
  { name: 'define_word', args: ['word'], asks: [
    'what does <word> mean', 'define <word>', 'look up <word> in the dictionary', 'meaning of <word>', 'definition of <word> please', "I came across the word <word>, what's that",
    'what is the meaning of the word <word>', 'dictionary: <word>', 'can you explain the word <word>', 'how would a dictionary define <word>', 'someone called me <word>, what does the dictionary say',
    'is <word> a real word, check the dictionary', 'give me the dictionary entry for <word>', 'find out what <word> means'
  ] },
  { name: 'play_podcast', args: ['title'], asks: [
    'play the podcast <title>', 'put the newest episode of <title> on', 'start the <title> podcast', 'I want to catch up with the podcast <title>', 'podcast: <title>', 'latest episode of <title> please',
    'go on with the podcast <title> where I stopped', "let's listen to an episode of <title>", 'can I hear the new <title> episode', 'resume the podcast called <title>', 'next episode of the podcast <title>',
    'has <title> a new episode, play it', 'stream the podcast <title>', 'could you start an episode of <title>'
  ] },
  { name: 'play_radio', args: ['word'], asks: [
    'turn on radio <word>', 'tune in to <word>', 'radio <word> please', 'put radio <word> on', 'can we have some radio, <word> maybe', 'change the station to <word>', 'listen to the station <word>',
    'let me hear radio <word>'
  ] },
  { name: 'tv_channel', args: ['number'], asks: [
    'switch the TV to channel <number>', 'put channel <number> on', 'channel <number> please', 'turn the television to <number>', "what's on <number>, turn the TV there", 'TV channel <number>',
    'can you go to channel <number>', 'flip over to channel <number>', 'the match is on channel <number>, put it on', 'zap to <number>', 'show us channel <number> on the telly', 'tune the TV to channel <number>'
  ] },
  { name: 'show_photos', args: ['city'], asks: [
    'show me my photos from <city>', 'pictures of the trip to <city>', 'find the photos I took in <city>', 'open my <city> pictures', 'let me see the snaps from <city>', 'I want to look at our photos of <city>',
    'photos <city>', 'bring up the <city> album', 'can we see the pictures from <city> on the screen', 'go to the pictures I shot in <city>', 'which photos do I have from <city>', 'where are my <city> photos, show them',
    'slideshow of <city> please', 'display every photo from <city>'
  ] },
  { name: 'energy_usage', args: ['room'], asks: [
    'how much power does the <room> use', 'energy use of the <room>', 'show me the power used in the <room>', 'how many kilowatts did we burn in the <room>', 'current consumption, <room>', 'does the <room> waste energy',
    'which amount of energy went into the <room>', 'give me the <room> power usage', 'why is our bill so high, is it the <room>, check the power', 'let me see the energy graph of the <room>'
  ] },
  { name: 'charge_car', args: ['number'], asks: [
    'charge the car to <number> percent', 'charge my car up to <number>', 'car charging limit <number> percent', 'stop charging the car at <number> percent', 'I want the car battery at <number> percent',
    'plug in and charge to <number> percent please', 'set the charge limit of the car to <number>', 'can the car be charged up to <number> percent', 'fill the car battery to <number> percent',
    '<number> percent charge for the car', "the car needs <number> percent for tomorrow's drive", 'start charging the vehicle, up to <number> percent', 'have the car loaded to <number> percent',
    'let the car charge until it reaches <number> percent'
  ] },
  { name: 'flight_status', args: ['word', 'number'], asks: [
    'has <word> <number> taken off yet', 'which gate is <word> <number>', 'is there a delay on <word> <number>', 'did <word> <number> arrive', 'where is the plane of <word> <number> right now'
  ] },
  { name: 'find_hotels', args: ['city'], asks: [
    'find me a hotel in <city>', 'hotels in <city>', 'is there a cheap place to stay in <city>', 'I need a room in <city> for the night', 'where could I sleep in <city>', 'look for a nice hotel near <city>',
    'show me hotels around <city>', 'any guest house free in <city>', 'what do hotels in <city> cost', 'which hotels in <city> have a pool', 'somewhere to stay in <city> please', 'can you search accommodation in <city>',
    'we want to spend a weekend in <city>, find a hotel', '<city>, hotel with breakfast'
  ] },
  { name: 'renew_book', args: ['title'], asks: [
    'renew <title> at the library', 'extend the loan of <title>', "I haven't finished <title>, renew it at the library", 'ask the library for more weeks with <title>', 'could the library let me keep <title> longer',
    'library: renew <title>', 'prolong my library book <title>', 'I still need <title>, please extend the loan', 'can I keep the library book <title> a bit longer', 'please renew my loan of <title>',
    'get an extension for the borrowed book <title>', '<title> is due at the library, renew it', 'tell the library I want <title> for longer', 'make the loan for <title> longer'
  ] },
  { name: 'track_parcel', args: ['number'], asks: [
    'where is my parcel <number>', 'track the package <number>', 'follow shipment <number>', 'parcel tracking <number>', 'is package <number> on its way', "I'm waiting for parcel <number>, where is it",
    'status of my shipment <number>', 'did the courier drop off <number>', 'look up tracking number <number>', "what's happening with package <number>", 'tell me where the post has parcel <number>'
  ] },
  { name: 'museum_hours', args: ['city'], asks: [
    'when is the museum in <city> open', 'is the <city> museum open today', 'opening hours of the museum in <city>', 'until when can I visit the museum in <city>', 'what time does the <city> museum close',
    'can we still get into the museum at <city>', 'museum <city> hours', 'does the museum in <city> open on Sundays', "I'd like to go to the museum in <city>, is it open", 'how late is the <city> museum open',
    'which days is the <city> museum shut', 'check the hours of the museum over in <city>', 'tell me when the museum of <city> opens', 'are museums in <city> closed on Mondays'
  ] },
  { name: 'cinema_times', args: ['title', 'city'], asks: [
    'where is <title> showing in <city>', 'when is <title> on in <city>', 'is <title> still in the cinemas of <city>', 'cinema times for <title> in <city>', 'which cinema in <city> has <title>',
    'can I see <title> on the big screen in <city>', 'showings of <title>, <city>', 'at what time do they show <title> in <city>', 'find a screening of <title> in <city>', '<city> cinemas: <title>',
    'look up when <title> plays in <city>', 'does any theatre in <city> run <title>', 'movie times <title> <city>'
  ] },
  { name: 'tide_times', args: ['city'], asks: [
    'when is high tide in <city>', 'tides in <city>', 'when does the sea come in at <city>', 'is it low tide at <city>', 'tide table for <city>', 'what time is low water in <city>',
    'how high does the water get at <city> today', 'can I walk on the beach at <city> or is the tide in', 'check the tide at <city>', 'is the tide going out in <city>', 'next high water at <city>',
    "we want to swim at <city>, how's the tide", 'tell me when the tide turns in <city>', 'look at the tides for <city>'
  ] },
  { name: 'traffic_report', args: ['city'], asks: [
    'how is the traffic in <city>', 'is there a jam around <city>', 'traffic in <city>', 'are the roads to <city> busy', 'any accidents near <city>', 'is the motorway to <city> clear',
    'how bad are the roads in <city> right now', 'traffic report for <city> please', 'am I going to get stuck in <city>, check the traffic', 'tell me about road works in <city>',
    'what do the roads look like around <city>', 'rush hour in <city>, how bad is it', 'check for delays on the road to <city>', 'can I drive through <city> without queues'
  ] },
  { name: 'navigate', args: ['city'], asks: [
    'take me to <city>', 'navigate to <city>', 'directions to <city>', 'how do I drive to <city> from here', 'show me the way to <city>', 'guide me to <city>', 'start navigation, destination <city>',
    'plan a route to <city>', "what's the quickest route to <city>", 'which road leads to <city>', "I'm lost, bring me to <city>", 'route to <city> without tolls', 'set the sat nav for <city>',
    'get me on the road to <city>'
  ] },
  { name: 'set_volume', args: ['number'], asks: [
    'set the volume to <number>', 'volume <number>', 'turn it up to <number>', 'make it louder, <number> percent', "I can't hear a thing, volume <number>", 'bring the sound down to <number>',
    'put the speakers on <number>', 'sound at <number> please', 'can you lower the volume to <number>', 'speaker volume to <number>', "it's far too loud, go to <number>", 'turn the sound to <number>',
    "I'd like the volume at <number>", "let's have it quieter, say volume <number>"
  ] },
  { name: 'preheat_oven', args: ['number'], asks: [
    'preheat the oven to <number>', 'heat the oven up to <number> degrees', 'oven to <number>', 'get the oven hot, <number> degrees', 'turn the oven on at <number>', 'set the oven at <number> degrees please',
    "I'm about to bake, oven on <number>", 'could you warm up the oven to <number>', 'the oven should be at <number>', 'start the oven, <number> degrees', 'have the oven reach <number> degrees',
    'bring the oven up to <number>', 'I need the oven at <number> for the cake', 'oven temperature <number>'
  ] },
  { name: 'fan_speed', args: ['room', 'number'], asks: [
    'set the fan in the <room> to <number>', '<room> fan on level <number>', 'turn the <room> fan to speed <number>', "it's stuffy in the <room>, fan on <number>", 'put the fan at <number> in the <room>',
    'fan <room> <number>', 'can the <room> fan go to <number>', 'I need some air in the <room>, fan level <number>', 'run the ceiling fan in the <room> at <number>', 'change the fan speed in the <room> to <number>',
    'let the fan of the <room> spin at <number>', 'speed <number> for the <room> fan please', 'slow the <room> fan down to <number>', 'bring the <room> fan up to level <number>'
  ] },
  { name: 'air_quality', args: ['city'], asks: [
    'how is the air in <city>', 'air quality in <city>', 'is the air clean in <city>', 'how polluted is <city>', 'can I go for a run in <city> or is the air bad', 'smog in <city>', 'check the pollution level for <city>',
    'is there a lot of smoke over <city>', 'what is the air quality index of <city>', 'does <city> have clean air today', 'should I wear a mask in <city> because of the air', 'tell me how much fine dust is in <city>',
    'is it healthy to breathe in <city>', 'show me the pollution in <city>'
  ] },
  { name: 'pollen_count', args: ['city'], asks: [
    'is there a lot of pollen in <city>', 'pollen in <city>', 'how high is the pollen level in <city>', 'hay fever alert for <city>', 'will I be sneezing in <city>, check the pollen',
    'are the birches in bloom in <city>', 'check <city> for pollen', 'what pollen is flying in <city>', 'pollen forecast, <city>', 'is it a bad day for allergies in <city>', 'my nose itches, how is the pollen in <city>',
    'tell me the grass pollen level in <city>', 'can someone with hay fever go to <city> today', "show me today's pollen for <city>"
  ] },
  { name: 'ring_tracker', args: ['thing'], asks: [
    'make the tracker on my <thing> beep', 'ring the tag on the <thing>', 'let the <thing> tracker ring', "I can't find my <thing>, ring its tag", 'beep my <thing>', 'play a sound on the <thing> tag',
    'use the tracker to find my <thing>', 'where did my <thing> go, ring it', 'help me locate the <thing>, make it beep', 'trigger the finder on the <thing>', '<thing> finder, ring',
    'can you make my <thing> make a noise', 'locate the <thing> by its tag', 'my <thing> has vanished, sound the tracker'
  ] },
  { name: 'feed_pet', args: ['number'], asks: [
    'feed the cat <number> portions', 'give the pet <number> portions', 'pet feeder: <number>', '<number> scoops from the pet feeder', 'the dog is hungry, <number> portions please',
    'have the feeder drop <number> portions', 'let the pet feeder give out <number> servings', 'could you feed the pet, <number> scoops', 'release <number> portions of pet food', 'dispense <number> servings for the cat',
    'fill the pet bowl with <number> portions', 'feeder, <number> portions now', 'it is feeding time, make it <number> portions', 'I want the feeder to give <number> scoops'
  ] },
  { name: 'reserve_table', args: ['number', 'city'], asks: [
    'reserve a table for <number> in <city>', 'table for <number> in <city> please', 'book us a restaurant in <city>, <number> people', "we're <number> and hungry, get a table in <city>",
    'is there a restaurant in <city> with room for <number>', 'can you get a table in <city> for <number> of us', 'dinner for <number> in <city>, reserve somewhere', 'find a place to eat in <city>, party of <number>',
    "I'd like to eat out in <city>, table for <number>", 'make a reservation in <city> for <number> guests', '<city>, restaurant, <number> seats', 'get us <number> places at a restaurant in <city>',
    'restaurant booking in <city> for <number>', 'lunch in <city>, <number> of us, book it'
  ] },
  { name: 'video_call', args: ['who'], asks: [
    'video call <who>', 'start a video call with <who>', 'I want to see <who> on the screen', 'picture call to <who>', 'can you get <who> on video', 'video chat with <who> please', 'put <who> on video',
    'let me talk to <who> face to face by video', 'ring <who> with the camera on', 'set up a video chat with <who>', 'is <who> online, start a video call', 'have a video call with <who>',
    'connect me to <who>, with picture', 'call up <who> by video'
  ] },
  { name: 'send_money', args: ['who', 'number'], asks: [
    'send <who> <number> euros', 'pay <who> <number>', 'transfer <number> to <who>', 'give <who> <number> dollars from my account', 'I owe <who> <number>, pay it back', 'wire <number> over to <who>',
    '<number> pounds to <who> please', 'can you transfer <number> bucks to <who>', 'let <who> have <number> from my account', 'money transfer: <who>, <number>', 'settle up with <who>, <number> in all',
    '<who> paid for dinner, send back <number>', 'make a payment of <number> to <who>', 'move <number> across to <who>'
  ] },
  { name: 'find_shop', args: ['thing', 'city'], asks: [
    'where can I buy a <thing> in <city>', 'who sells a <thing> in <city>', 'shops with a <thing> in <city>', 'find a store in <city> that has a <thing>', 'I need a <thing>, which shop in <city> stocks it',
    'is there a <thing> shop in <city>', 'does anyone in <city> have a <thing> in stock', '<city> stores selling a <thing>', 'get me the address of a <thing> dealer in <city>',
    "I'm in <city> and need a <thing>, where do I go", 'where do people in <city> get a <thing>', 'look for a place that sells a <thing> around <city>', 'my <thing> broke, is there a shop in <city>',
    '<thing> in <city>, which shop'
  ] },
  { name: 'bus_times', args: ['number', 'city'], asks: [
    'when does bus <number> leave for <city>', 'next <number> bus to <city>', 'bus <number>, <city>, when', 'is the <number> to <city> late', 'does the <number> bus still go to <city> tonight',
    'how long do I wait for the <number> towards <city>', 'I take the <number> to <city>, when does it come', 'check the bus times of line <number> to <city>', 'has bus <number> to <city> gone already',
    'where is the number <number> bus to <city> now', 'line <number> in the direction of <city>, next one please', 'look up bus <number> from here to <city>', 'when will the <number> to <city> be at my stop',
    'show the timetable of the <number> bus for <city>'
  ] },
  { name: 'concerts', args: ['city'], asks: [
    'what concerts are there in <city>', 'who is playing in <city> tonight', 'gigs in <city>', 'any live music in <city> this weekend', 'is there something on in <city> for music lovers', 'which bands come to <city>',
    'concerts around <city> please', 'I fancy some live music in <city>', "what's on stage in <city>", 'does anybody good play in <city> soon', 'show upcoming gigs in <city>', 'where can I hear a band in <city>',
    'look for concerts over in <city>'
  ] },
  { name: 'play_audiobook', args: ['title'], asks: [
    'read me the audiobook <title>', 'continue the audiobook <title>', 'audiobook <title>', 'play the next chapter of <title>', 'I want to listen to the audiobook of <title>', 'start <title> as an audiobook',
    'resume my book <title>, the spoken one', 'let me hear the next chapter of <title>', 'carry on reading <title> aloud', 'put on chapter one of the audiobook <title>', 'go back to the audiobook <title>',
    'can you read <title> aloud to the kids', 'bedtime story please, the audiobook <title>', 'play <title> from my audiobooks'
  ] },
  { name: 'sun_times', args: ['city'], asks: [
    'when does the sun rise in <city>', 'sunset in <city>', 'when will it get dark in <city>', 'what time is sunrise at <city>', 'how late is the sun up in <city>', 'when is it light in <city>', 'sun times for <city>',
    'is the sun still up in <city>', 'I want to see the sun go down in <city>, when is it', 'at what time does dawn break in <city>', 'tell me about sunrise and sunset in <city>',
    'how long do we have daylight in <city>', "when's dusk in <city>", 'look up sunrise for <city>'
  ] },
  { name: 'switch_plug', args: ['thing'], asks: [
    'cut the power to the <thing>', 'unplug the <thing>', 'switch the <thing> off at the socket', 'did I leave the <thing> on, turn it off', 'power off the <thing>', 'smart plug of the <thing> off',
    'turn the <thing> plug off', 'could you take the power off the <thing>', 'the <thing> should not be on any more', 'kill the power on the <thing>', "I'm leaving, switch off the <thing>",
    'disconnect the <thing> from the mains', '<thing> off please'
  ] },
  { name: 'set_scene', args: ['word', 'room'], asks: [
    'set the scene <word> in the <room>', '<word> mode in the <room>', 'put the <room> into <word> mood', 'activate <word> for the <room>', 'scene <word>, <room>', "I'd like the <word> scene in the <room>",
    'can the <room> go to <word> mode', 'change the <room> to the scene <word>', 'make the <room> look like <word>', 'start the <word> scene in the <room> please', 'give the <room> the <word> atmosphere',
    'guests are coming, <word> scene for the <room>', '<room> scene: <word>', "let's have the <word> mood in the <room>"
  ] },
  { name: 'play_video', args: ['title'], asks: [
    'show the video <title>', 'play the video <title> on the TV', 'put the film <title> on', 'stream <title> on the big screen', 'movie night, start <title>', 'can we see <title> tonight, start the film',
    'start the next episode of the series <title>', 'video: <title>', 'continue the series <title>', 'get <title> on the screen', 'carry on with the show <title>'
  ] },
  { name: 'read_emails', args: ['who'], asks: [
    'any emails from <who>', 'did <who> write me an email', 'read me the mail from <who>', 'show the latest email by <who>', 'has <who> answered my email', 'check my inbox for <who>',
    "I'm waiting for an email from <who>, is it there", 'emails: <who>', 'what does <who> write in the email', 'open the newest mail from <who>', 'look in my mail for anything <who> sent',
    'is there mail from <who> in the inbox', 'let me hear what <who> emailed', 'got anything from <who> in my inbox'
  ] },
  { name: 'raise_desk', args: ['number'], asks: [
    'raise the desk to <number>', 'desk up to <number> centimetres', 'put my desk at <number>', 'I want to stand, desk at <number>', 'lower the desk to <number> centimetres', 'desk height <number>',
    'set the standing desk to <number>', 'move the desk to <number>', 'my back hurts, bring the desk to <number>', 'can the desk go to <number> centimetres', 'adjust my table height to <number>',
    'drive the desk to height <number>', "I'd like to sit now, desk down to <number>", 'change the desk to <number> centimetres high'
  ] }
]
