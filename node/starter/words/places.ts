import { splitWords } from '../split.ts'

const list = (text: string) => text.trim().replaceAll(/\s+/g, ' ').split(/ ?, ?/)

export const cities = splitWords(list(`
  Rome, Oslo, Lisbon, Porto, Madrid, Seville, Bilbao, Paris, Lyon, Nantes, Toulouse, Berlin, Hamburg, Leipzig, Dresden, Munich, Vienna, Graz, Zurich, Basel, Geneva, Milan, Turin, Naples, Bologna, Palermo, Athens, Thessaloniki,
  Sofia, Varna, Bucharest, Cluj, Budapest, Szeged, Prague, Brno, Bratislava, Warsaw, Kraków, Gdańsk, Łódź, Vilnius, Riga, Tallinn, Tartu, Helsinki, Turku, Tampere, Stockholm, Malmö, Gothenburg, Uppsala, Copenhagen, Aarhus, Bergen,
  Trondheim, Reykjavík, Dublin, Cork, Galway, Belfast, Glasgow, Edinburgh, Dundee, Cardiff, Swansea, London, Leeds, York, Bristol, Norwich, Plymouth, Amsterdam, Utrecht, Rotterdam, Groningen, Brussels, Ghent, Antwerp, Luxembourg,
  Istanbul, Izmir, Ankara, Tbilisi, Yerevan, Baku, Tehran, Shiraz, Baghdad, Beirut, Amman, Haifa, Jerusalem, Cairo, Alexandria, Tunis, Algiers, Rabat, Fez, Marrakesh, Dakar, Accra, Kumasi, Lagos, Abuja, Nairobi, Mombasa, Kampala,
  Kigali, Addis Ababa, Lusaka, Harare, Maputo, Pretoria, Durban, Cape Town, Windhoek, Mumbai, Pune, Delhi, Jaipur, Kolkata, Chennai, Kochi, Lahore, Karachi, Dhaka, Kathmandu, Colombo, Yangon, Bangkok, Chiang Mai, Hanoi, Da Nang,
  Phnom Penh, Vientiane, Kuala Lumpur, Penang, Singapore, Jakarta, Bandung, Manila, Cebu, Taipei, Kaohsiung, Hong Kong, Shanghai, Beijing, Chengdu, Xi'an, Seoul, Busan, Tokyo, Osaka, Kyoto, Nagoya, Sapporo, Fukuoka, Ulaanbaatar,
  Almaty, Tashkent, Samarkand, Perth, Sydney, Melbourne, Hobart, Adelaide, Brisbane, Darwin, Auckland, Wellington, Dunedin, Suva, Honolulu, Seattle, Portland, Denver, Austin, Boston, Chicago, Detroit, Nashville, Tucson, Buffalo,
  Toronto, Montréal, Québec, Halifax, Winnipeg, Calgary, Oaxaca, Puebla, Mérida, Havana, Kingston, Bogotá, Medellín, Cali, Quito, Cuenca, Lima, Cusco, La Paz, Sucre, Santiago, Valparaíso, Mendoza, Córdoba, Rosario, Montevideo,
  Asunción, São Paulo, Salvador, Recife, Curitiba, Belém, Manaus`))
export const countries = splitWords(list(`
  Italy, Norway, Portugal, Spain, France, Germany, Austria, Switzerland, Greece, Bulgaria, Romania, Hungary, Slovakia, Poland, Lithuania, Latvia, Estonia, Finland, Sweden, Denmark, Iceland, Ireland, Scotland, Wales, Belgium, Turkey,
  Georgia, Armenia, Iran, Lebanon, Jordan, Israel, Egypt, Tunisia, Morocco, Senegal, Ghana, Nigeria, Kenya, Uganda, Rwanda, Ethiopia, Zambia, Mozambique, Namibia, India, Nepal, Bangladesh, Thailand, Vietnam, Cambodia, Laos,
  Malaysia, Indonesia, Japan, South Korea, Mongolia, Kazakhstan, Australia, New Zealand, Fiji, Canada, Mexico, Cuba, Jamaica, Colombia, Ecuador, Peru, Bolivia, Chile, Argentina, Uruguay, Brazil, Croatia, Slovenia, Malta, Cyprus`))
/** Where things are put. */
export const spots = splitWords(list(`
  in the top drawer, under the stairs, in the blue box, behind the sofa, in the garage, on the kitchen shelf, under the bed, in the glove compartment, in the hall cupboard, on the piano, in the cellar, next to the printer,
  in the red suitcase, behind the mirror, in my desk, in the shed, on top of the fridge, in the laundry basket, under the doormat, in the green bag, inside the teapot, on the balcony, in the bathroom cabinet, by the front door, in the
  filing cabinet, in the sewing box, behind the books, in the freezer, under the flower pot, in the coat pocket, on the window sill, in the tool box, in the second drawer, in the guest room, beside the washing machine, in the old trunk, on the bedside table`))
/** The last two are words that everybody uses: in every split. */
export const rooms = list('kitchen, living room, bedroom, bathroom, hallway, study, garage, attic, cellar, garden, balcony, office, nursery, guest room, dining room, laundry room, porch, workshop, basement, terrace, corridor, library, playroom, sunroom')
export const streets = list('Street, Road, Lane, Avenue, Square, Way, Close, Hill, Gardens, Row, Terrace, Drive, Court, Crescent, Alley, Quay, Bridge Road, High Street, Park Road, Place')
