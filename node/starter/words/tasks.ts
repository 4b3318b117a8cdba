import { splitWords } from '../split.ts'

const list = (text: string) => text.trim().replaceAll(/\s+/g, ' ').split(/ ?, ?/)

/** What people have to do; `<P>` is somebody. */
export const chores = splitWords(list(`
  call <P>, water the plants, take out the bins, feed the cat, pay the rent, book the flights, renew the passport, pick up the parcel, send the invoice, buy stamps, clean the oven, defrost the freezer, cancel the gym membership, charge the camera, return the library books,
  wash the car, walk the dog, email <P>, write to <P>, visit <P>, print the tickets, sign the contract, change the bed sheets, order new glasses, fix the bike, mow the lawn, sharpen the knives, check the oil, back up the photos, iron the shirts, take my pills, take the cake out of the oven,
  turn off the heating, lock the shed, pick <P> up from the station, send flowers to <P>, congratulate <P>, ask <P> about the keys, give <P> the book back, empty the dishwasher, hang up the washing, prepare the slides, finish the report, read the contract, transfer the deposit, call the bank,
  call the landlord, make a dentist appointment, get the bike from the repair shop, repot the cactus, bleed the radiators, descale the kettle, sweep the chimney, paint the fence, collect the suit, bring the tent back to <P>, buy a present for <P>, bake bread for <P>, reply to <P>, measure the windows`))
export const events = splitWords(list(`
  dentist appointment, job interview, piano lesson, parents' evening, yoga class, driving test, book club, eye test, team lunch, choir practice, blood test, haircut, wedding, flight, vaccination, football match, concert, theatre evening, board meeting, school play, house viewing,
  physio session, swimming lesson, language exam, farewell party, garden party, car inspection, tax meeting, hiking trip, cooking course, pub quiz, baptism, graduation, housewarming, salsa class, tennis match, chess tournament, video call, check-up, camping weekend, museum visit, first aid course`))
/** Things a made-up question about the world may name, none of which a small model knows. */
export const topics = splitWords(list(`
  gravity, photosynthesis, inflation, the Roman Empire, quantum physics, the French Revolution, black holes, vaccines, volcanoes, the stock market, glaciers, dinosaurs, opera, jazz, the moon landing, electricity, magnetism, democracy, the ice age, coral reefs, antibiotics, cryptography,
  the printing press, steam engines, tides, earthquakes, rainbows, the periodic table, DNA, the Silk Road, the Vikings, Buddhism, philosophy, tectonic plates, lightning, cubism, semiconductors, photons, migration of birds, the Great Wall`))
export const inventions = splitWords(list('the telephone, the light bulb, the bicycle, penicillin, the zip fastener, the steam engine, dynamite, the radio, the typewriter, the microscope, the telescope, the parachute, the barometer, the transistor, the refrigerator, the piano, velcro, the compass, gunpowder, the battery, the thermometer, the jet engine'))
