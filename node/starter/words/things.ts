import { splitWords } from '../split.ts'

const list = (text: string) => text.trim().replaceAll(/\s+/g, ' ').split(/ ?, ?/)

export const foods = splitWords(list(`
  lasagne, sushi, ramen, falafel, pizza, pancakes, mushroom risotto, lentil soup, goulash, tacos, dumplings, paella, moussaka, kimchi, pierogi, borscht, couscous, biryani, pad thai, shakshuka, ratatouille, gnocchi, fish and chips, chicken curry, roast
  potatoes, apple pie, cheesecake, tiramisu, baklava, dark chocolate, mango ice cream, waffles, croissants, porridge, hummus, tabbouleh, gazpacho, ceviche, empanadas, arepas, poutine, meatballs, smoked salmon, pickled herring, jollof rice, injera,
  bobotie, samosas, dosas, paneer, miso soup, okonomiyaki, bibimbap, pho, spring rolls, laksa, satay, gado-gado, plov, khachapuri, dolma, halloumi, feta, blue cheese, olives, artichokes, aubergine, beetroot, brussels sprouts, broccoli, cauliflower,
  spinach, courgettes, pumpkin soup, sweet potatoes, rhubarb crumble, plum cake, lemon tart, carrot cake, banana bread, cinnamon rolls, rye bread, sourdough, anchovies, liver, oysters, mussels, squid, tofu, tempeh, black pudding, marzipan, liquorice, coriander`))
export const drinks = splitWords(list('green tea, black coffee, mint tea, orange juice, hot chocolate, oat milk, red wine, white wine, ginger beer, lemonade, espresso, chai, iced tea, cider, tomato juice, sparkling water, rooibos, buttermilk, kombucha, apple juice, mate, matcha, cappuccino, elderflower cordial, root beer, kefir, coconut water'))
export const groceries = splitWords(list(`
  milk, eggs, bread, butter, cheese, rice, pasta, flour, sugar, salt, pepper, olive oil, vinegar, mustard, honey, jam, yoghurt, cream, apples, pears, bananas, lemons, oranges, grapes, cherries, plums, tomatoes, onions, garlic, carrots, potatoes, leeks,
  cabbage, cucumbers, peppers, mushrooms, lettuce, celery, ginger, basil, parsley, thyme, chicken, beef, bacon, ham, tuna, prawns, beans, lentils, chickpeas, oats, cereal, coffee, tea, juice, water, beer, crackers, crisps, chocolate, biscuits, nuts, raisins,
  almonds, soy sauce, noodles, coconut milk, curry paste, toilet paper, kitchen roll, soap, shampoo, toothpaste, washing powder, bin bags, sponges, batteries, light bulbs, candles, matches, dog food, cat litter, nappies, plasters, sun cream, foil, baking powder, yeast, vanilla, cocoa`))
export const allergens = splitWords(list('peanuts, shellfish, gluten, walnuts, sesame, strawberries, penicillin, pollen, cats, dust mites, soy, kiwi, latex, bee stings, lactose, hazelnuts, aspirin, eggs, mustard, birch pollen, horses, nickel, celery, cashews, wasps, feathers, mould, lupins, ibuprofen'))
export const jobs = splitWords(list(`
  nurse, teacher, baker, carpenter, pilot, lawyer, architect, plumber, electrician, journalist, translator, librarian, florist, chef, butcher, welder, surgeon, dentist, vet, pharmacist, farmer, gardener, tailor, hairdresser, bus driver, train driver, firefighter,
  paramedic, social worker, judge, accountant, bookkeeper, civil engineer, biologist, geologist, astronomer, historian, illustrator, photographer, potter, violinist, actor, editor, programmer, web designer, data analyst, physiotherapist, midwife, optician, roofer,
  mechanic, sailor, beekeeper, winemaker, brewer, cheesemaker, locksmith, watchmaker, cartographer, curator, referee, lifeguard, swimming coach, tour guide, museum guard, estate agent, postman, courier, crane operator, mason, glazier, upholsterer`))
export const hobbies = splitWords(list(`
  chess, knitting, climbing, swimming, rowing, pottery, birdwatching, baking, gardening, sailing, fencing, archery, judo, yoga, salsa dancing, tango, juggling, origami, calligraphy, watercolour painting, photography, model trains, stamp collecting, astronomy, hiking,
  cross-country skiing, ice skating, badminton, table tennis, volleyball, handball, rugby, cricket, surfing, kayaking, scuba diving, horse riding, beekeeping, woodworking, crochet, embroidery, choir singing, geocaching, board games, crosswords, sudoku, foraging, fishing, cycling, bouldering, karate, squash, orienteering, blacksmithing`))
export const colours = splitWords(list('red, blue, green, yellow, purple, orange, turquoise, black, white, grey, brown, pink, silver, burgundy, beige, navy blue, olive green, crimson, indigo, teal, lavender, maroon, mint green, mustard yellow, coral, ivory, dark green, sky blue, magenta, khaki, charcoal, amber'))
export const animals = splitWords(list('cat, dog, rabbit, hamster, parrot, tortoise, goldfish, guinea pig, ferret, canary, budgie, lizard, gecko, hedgehog, pony, horse, donkey, goat, duck, hen, iguana, snake, mouse, rat, chinchilla, kitten, puppy, cockatoo, axolotl, frog'))
export const languages = splitWords(list('Spanish, Portuguese, French, German, Dutch, Swedish, Norwegian, Finnish, Estonian, Polish, Czech, Hungarian, Romanian, Greek, Turkish, Arabic, Hebrew, Persian, Hindi, Bengali, Tamil, Thai, Vietnamese, Mandarin, Cantonese, Japanese, Korean, Swahili, Zulu, Amharic, Welsh, Irish, Basque, Catalan, Icelandic, Georgian, Armenian, Maori, Quechua'))
export const instruments = splitWords(list('piano, violin, cello, flute, clarinet, trumpet, trombone, drums, guitar, banjo, harp, accordion, saxophone, viola, double bass, ukulele, mandolin, oboe, bassoon, organ, tuba, harmonica, recorder, sitar, bagpipes, marimba'))
/** Things that somebody owns one of. */
export const belongings = splitWords(list(`
  car, bike, laptop, phone, tent, camera, bicycle, suitcase, backpack, umbrella, printer, router, fridge, dishwasher, washing machine, lawn mower, sewing machine, caravan, motorbike, scooter, canoe, sofa, desk, wardrobe, passport, library card, gym locker, garage, boat, van,
  trailer, telescope, coffee machine, boiler, thermostat, alarm system, safe, mailbox, parking space, storage unit, allotment, tablet, headset, watch, ring, coat, drill, vacuum cleaner, kayak, pram, e-reader, projector, hearing aid, wheelchair, violin case, tool kit, freezer`))
/** Things that get lost. */
export const smallThings = splitWords(list(`
  spare key, passport, drill, camping stove, birth certificate, sewing kit, torch, charger, tape measure, first aid kit, car manual, vaccination card, Christmas star, winter hat, bike pump, chess set, screwdriver, extension cable, photo album, insurance policy, swimming
  cap, sleeping bag, measuring tape, warranty card, house key, spirit level, label maker, glue gun, hand mixer, thermos, beach ball, travel adapter, cake tin, old diary, marriage certificate, paint roller, picnic blanket, power bank, stapler, letter opener, hot water bottle`))
export const lists = splitWords(list('shopping, grocery, packing, todo, wish, reading, party, garden, holiday, birthday, work, hardware, gift, camping, movie, cleaning, weekend, kitchen, school, moving, baby, wedding, chores, pharmacy, picnic, Christmas, repair, office, recipe, bucket, dinner, travel, music'))
export const adjectives = splitWords(list('silent, golden, broken, hidden, last, distant, crooked, burning, frozen, gentle, hollow, lonely, narrow, quiet, restless, scarlet, secret, wandering, velvet, winter, endless, blind, copper, drowned, wooden, glass, paper, bitter, faithful, forgotten'))
export const nouns = splitWords(list('garden, river, mountain, island, lighthouse, forest, clock, orchard, harbour, window, bridge, lantern, mirror, compass, letter, tower, valley, meadow, raven, sparrow, fox, wolf, whale, thread, ladder, anchor, candle, feather, kingdom, stranger, cathedral, carousel'))
/** Of these, what has a number plate and is parked. */
export const vehicles: readonly string[] = ['car', 'motorbike', 'scooter', 'van', 'caravan', 'trailer']
/** What everybody in a house or an office speaks of. */
export const common = splitWords(list('garage door, bike shed, front gate, office kitchen, meeting room, printer room, holiday house, allotment shed, laundry room, cellar door, roof terrace, guest wifi, ski hut, boat house, staff entrance, car park, bin store, post room, church hall, lift, playground, sauna, bakery van, rowing club, swimming pool, community garden, tool library, band room, dark room, archive'))
