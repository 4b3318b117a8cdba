import type { FactKind } from '../facts/fact.ts'

/**
 * What English has for asking for a kind of fact, and for telling it, beside the phrases of facts/: words and turns (joined by `_`) from general knowledge of the language (README.md says what else was known of the splits). They are put together by chance (loose.ts), so that what
 * a text is about is known also where no phrase of the training has its words. Keys are `group/label`.
 */
const words: Readonly<Record<string, readonly [asked: string, told: string]>> = {
  'place/': [
    'where live living reside residing based home city town located location place country region house these_days residence stay staying settled call_home find_a_home moved_to neighbourhood village spend_life lives_in live_at which_city which_town part_of_the_world currently_living made_home dwell domicile',
    'live living lives reside resides residing home city town moved settled based flat apartment house place there stays located relocated moved_to calls_home at_home_in makes_home dwells lives_in living_in in_the_city_of village found_a_home rents_a_flat resident inhabitant has_lived'
  ],
  'origin/birthplace': [
    'where born birth birthplace origin originally come_from native hometown grew_up raised childhood roots homeland place_of_birth from spring hail_from first_saw_light delivered came_into_the_world as_a_baby native_of where_from',
    'born birth birthplace originally from native grew_up raised childhood roots comes_from hails_from homeland place_of_birth was_born hometown native_of came_into_the_world'
  ],
  'work/job': [
    'job work profession occupation career do_for_a_living trade what_kind employed role position earn field do_for_work living line_of_work job_title make_money vocation earn_a_living what_job paid_to_do works_as day_job earn_money',
    'job work work_as works works_as working profession occupation career trade employed_as earns_a_living trained professional role by_profession by_trade makes_a_living became started_as line_of_work qualified_as hired_as serves_as employment full-time'
  ],
  'work/employer': [
    'employer company firm work_for works_at where_work business boss organization office employed hired workplace works_for which_company place_of_work pays_salary who_employs employs corporation agency payroll job_at salary wages',
    'works_for working_for works_at employer company firm employed hired_by joined business office staff payroll employs employed_by employed_at workplace job_at gets_paid salary wages started_at_the_company'
  ],
  'birthday/birthday': [
    'birthday born when date birth celebrate party turn older age day congratulate bday date_of_birth turns cake candles what_day which_day come_into_the_world year_older blow_out blow_the_candles birthdate wish_happy present_by a_year_older',
    'birthday born born_on birth celebrates turns date party day older bday date_of_birth birthdate cake year_older came_into_the_world candles falls_on'
  ],
  'phone/phone number': [
    'phone number call ring telephone mobile cell dial reach contact text line phone_number which_number by_phone give_a_call cellphone digits smartphone landline ring_up sms whatsapp phone_up reached_at get_hold',
    'phone number call ring telephone mobile cell dial reach reached contact text line phone_number picks_up answers_at by_phone cellphone landline called_on rung_on extension'
  ],
  'email/email address': [
    'email mail e-mail address write reach contact send message inbox electronic_mail which_address email_to mailbox mails written_to account drop_a_line online_address',
    'email mail e-mail address write reach reached contact send message inbox mailbox mails gets_mail electronic written_at answers_mails'
  ],
  'place/address': [
    'address street house_number where live send letter post parcel mail package visit deliver postcard road door home_address street_address which_street delivery postal ship invitation zip find_the_house which_door navigate drive_to drop_off taxi postman',
    'address street house_number lives_at live_at letters post parcels mail deliver road door residence visit home_address postal lives_on ring_the_bell front_door delivered_to come_to sent_to'
  ],
  'allergy/': [
    'allergic allergy allergies tolerate avoid eat reaction intolerant sick careful bad ill food react_to sensitive must_not_eat rash swell should_not intolerance bad_for sneeze dangerous hives keep_away harm hurt stay_away make_ill trigger',
    'allergic allergy allergies tolerate avoid reaction intolerant sick cannot_eat bad ill rash react_to reacts sensitive sneeze makes_ill swells hives intolerance must_avoid keep_away dangerous get_sick cannot_have no_good'
  ],
  'food/favourite food': [
    'favourite favorite food dish eat meal best like love cook dinner taste enjoy order lunch favourite_food favourite_dish tastiest like_to_eat most_delicious serve hungry yummy snack preferred craving feed restaurant plate cuisine eat_the_most top_dish',
    'favourite favorite food dish eat eats meal best likes loves enjoys cook dinner delicious taste tastes lunch favourite_food loves_eating nothing_better yummy craves preferred prefers could_eat comfort_food most_of_all beats_every_dish top_dish'
  ],
  'colour/favourite colour': [
    'favourite favorite colour color best like love prefer shade paint favourite_colour preferred tone fond_of which_colour prettiest nicest most_beautiful hue likes_most',
    'favourite favorite colour color best likes loves prefers shade preferred favourite_colour fond_of nicest prettiest most_beautiful hue of_all_colours'
  ],
  'drink/favourite drink': [
    'favourite favorite drink beverage best like love prefer pour offer serve thirsty order sip favourite_drink glass bar cup what_to_drink pub bottle refreshment preferred enjoy_drinking get_from_the_bar quench',
    'favourite favorite drink drinks drinking beverage best likes loves prefers sip order glass cup thirsty favourite_drink orders preferred enjoys_drinking refreshment bar'
  ],
  'book/favourite book': [
    'favourite favorite book novel read reading best like love author story recommend favourite_book title bookshelf literature page library which_novel reread reader paperback',
    'favourite favorite book novel read reads reading best likes loves story recommends favourite_book novels reread bookshelf literature pages of_all_books'
  ],
  'film/favourite film': [
    'favourite favorite film movie watch cinema best like love see picture recommend favourite_film screen which_movie flick watched seen dvd theatre motion_picture television',
    'favourite favorite film movie watch watched cinema best likes loves seen sees favourite_film flick films movies screen watches of_all_films'
  ],
  'band/favourite band': [
    'favourite favorite band music group listen hear best like love songs concert fan artist musicians favourite_band album play singer record gig tune which_group listens_to tickets',
    'favourite favorite band music group listen listens_to best likes loves songs concert fan favourite_band albums album records gigs listens hears big_fan of_all_bands'
  ],
  'instrument/instrument': [
    'instrument play music musical playing practise practice orchestra lessons learn plays which_instrument musician band jam strum perform master make_music',
    'instrument plays play playing music musical practises practice orchestra lessons learned learnt musician masters performs jams strums makes_music plays_the'
  ],
  'hobby/hobby': [
    'hobby hobbies free_time leisure spare_time weekend fun enjoy interest pastime do passion relax weekends evenings entertain pursue busy_with like_to_do spend_time for_fun unwind interests after_work passionate activity in_the_evening',
    'hobby hobbies free_time leisure spare_time weekend fun enjoys interest pastime passion into keen_on passionate weekends evenings spends_time relaxes pursues for_fun after_work took_up mad_about big_on unwinds'
  ],
  'language/mother tongue': [
    'language mother_tongue native speak first_language talk home spoken languages native_language speaks_at_home childhood tongue native_speaker bilingual first_words raised_speaking raised_with',
    'language mother_tongue native speaks speak first_language talk talks home spoken native_speaker speaks_at_home tongue native_language raised_speaking grew_up_speaking raised_in speaker'
  ],
  'course/': [
    'learning language course class studying lessons take attend study learn school taught evening_class which_course training signed_up enrol teaches subject improve learning_now lesson workshop practising',
    'learning learns language course class studying lessons takes taking attends study enrolled signed_up evening_class lesson started_learning goes_to_a_class teaches training practising is_learning'
  ],
  'shoe/shoe size': [
    'shoe shoes size feet foot wear boots sneakers fit big buy shoe_size how_big footwear trainers slippers sandals which_size large',
    'shoe shoes size feet foot wears boots sneakers fit fits takes shoe_size footwear trainers slippers sandals large'
  ],
  'height/height': [
    'tall height how_high measure size centimetres big cm metres how_tall length feet inches stature what_height grown measures small short taller',
    'tall height high measures centimetres metres stands grown tall_is stature cm inches feet measured body_height in_height'
  ],
  'blood/blood type': [
    'blood blood_type blood_group group kind donate transfusion rhesus donor hospital emergency which_blood veins',
    'blood blood_type blood_group group kind donor donates rhesus transfusion veins hospital tested'
  ],
  'ride/': [
    'car drive vehicle make model kind brand driving own motor automobile wheels what_car drives ride auto in_the_garage behind_the_wheel gets_around get_about which_car sits_in driver',
    'car drives drive driving vehicle own owns bought motor automobile wheels ride auto behind_the_wheel gets_around got_a_new_car has_a sits_in driver'
  ],
  'diet/diet': [
    'diet eat eating food kind special vegetarian vegan cook meals meat nutrition what_diet dietary eating_habits rules restrictions follow how_does_eat meals_for',
    'diet eats eating food meals follows strictly nutrition meat dietary only_eats sticks_to lives_on keeps_to went no_meat on_a_diet eating_habits vegetarian vegan'
  ],
  'team/<X> team': [
    'team club support fan cheer root follow favourite side supporter colours which_team game match stadium scarf behind plays watch season_ticket backs barrack',
    'team club supports fan cheers cheers_for roots_for follows favourite side supporter stadium matches backs season_ticket scarf never_misses_a_game'
  ],
  'school/': [
    'school study attend go_to college university pupil student classes enrolled education class which_school learn graduate studying degree campus goes_to taught_at academy attending',
    'school studies study attends goes_to college university pupil student classes enrolled education class studying degree campus learns_at graduate academy attending schooled'
  ],
  'nickname/nickname': [
    'nickname called call friends short_name known_as nick pet_name what_call go_by by_friends nicknamed short_for buddies family_call goes_by',
    'nickname called call calls friends short name known_as nick goes_by nicknamed everyone_calls pet_name buddies answers_to short_for'
  ],
  'middle/middle name': ['middle_name middle second_name full_name between in_the_middle initial second passport other_name', 'middle_name middle second_name full_name between in_the_middle initial second passport other_name'],
  "pet/<X>'s name": ['name called pet animal named call pets answer_to what_name', 'name called pet animal named calls pets has_a answers_to got_a by_the_name'],
  "child/<X>'s name": ['name called kid child named call children baby what_name christened', 'name called kid child named calls children baby has_a christened by_the_name'],
  'professional/<X>': [
    'name who see go_to visit appointment practice recommend called who_is which consult book treats looks_after examined surgery clinic by_whom trust contact',
    'sees goes_to visits see go practice called recommend patient client treats looks_after consult appointment is_in_the_hands surgery clinic trusts always_goes'
  ],
  'marriage/': [
    'married husband wife spouse partner wedding marry who married_to tied_the_knot wed better_half who_did_marry wedded life_partner ring',
    'married married_to husband wife spouse partner wedding marry marries tied_the_knot wed better_half wedded ring got_married couple'
  ],
  'member/member number': [
    'member membership member_number number card club membership_number membership_card gym library join id association registered',
    'member membership member_number number card club membership_number membership_card gym association joined id registered'
  ],
  'user/user name': [
    'user user_name username login account log_in sign_in handle log_on screen_name which_name website online profile sign_on credentials alias internet',
    'user user_name username login account logs_in signs_in handle log_in screen_name website online profile credentials alias internet'
  ],
  'present/wish': [
    'wish gift present want birthday Christmas give buy get like hoping wants surprise wish_list wishes for_Christmas idea make_happy hopes long_for dream buy_for give_to',
    'wish wishes gift present wants want birthday Christmas hopes hoping would_like would_love dreams_of wish_list asked_for longs_for keen_to_get hopes_for to_get surprise unwrap'
  ],
  'code/code': [
    'code pin unlock open get_in enter key combination digits lock access type punch keypad what_code press key_in unlocks which_digits pass_code access_code let_in opens_with',
    'code pin unlock unlocks opens open enter key combination lock access type press keypad punch access_code opens_with pass_code key_in typed'
  ],
  'number/number': ['number which no digits what_number numbered identify carries bears', 'number no digits carries bears numbered marked has_the_number goes_by_the_number'],
  'cost/price': [
    'price cost how_much pay expensive charge money fee worth rate costs to_pay charged ticket cheap euros amount dear entry how_expensive set_back bill for_it dollars sold sell going_for',
    'price cost costs pay paid charge charges money fee worth ticket entry sold_for goes_for sells amount bill to_pay set_you_back charged rate available_for'
  ],
  'owner/owner': ['owner own owns belong_to property whose possession who_owns belongs holds proprietor possesses bought_by landlord who_has whom', 'owner owner_of own owns belongs_to belong property possession holds proprietor possesses bought_by landlord in_the_hands'],
  'where/': ['where city town location located find place situated in_which stand stands which_city whereabouts lies address go_to how_find built', 'city town location located find found place situated in stands lies stood lies_in built standing'],
  'colour/colour': [
    'colour color shade paint painted look what_colour which_colour looks hue tone blue_or_red coloured appear appears tint chose picked pick choose have_it_in come_in varnished dyed',
    'colour color shade paint painted looks hue tone coloured looks_like all appears comes_in chose picked repainted sprayed dyed tinted varnished is_completely bright dark see body'
  ],
  'contents/': ['name called call known title what_called known_as named goes_by go_by refer_to how_call real_name official people_call spoken', 'name called call known_as title named goes_by go_by refer_to people_call officially calls has_the_name bears_the_name nicknamed'],
  'boss/': [
    'charge in_charge responsible boss head leads lead manages runs run manager leader who contact organises organizes chief director supervises behind looks_after takes_care decides president rules command oversees directs chair',
    'charge in_charge responsible boss head leads manages runs manager leader organises takes_care looks_after heads chief director supervises president decides command oversees directs chairs headed_by led_by run_by'
  ],
  'opens/opening time': [
    'open opens opening_time opening hours when start from_when opening time what_time unlock doors earliest get_in first_enter let_people_in business_hours unlocked starts_business morning closed go_in',
    'opens open opening_time opening hours from starts doors_open lets_people_in business_hours unlocked from_on morning not_before doors closed_until opened go_in'
  ],
  'when/': [
    'when time date day start begin starts begins hour scheduled set what_time which_day happen take_place is_it have appointment calendar be_there planned what_day occur fixed_for supposed_to booked expect go_to due',
    'time date day starts begins start begin hour scheduled set_for planned takes_place happening booked appointment is_on calendar fixed_for will_be arranged moved_to it_is_on occurs will_take_place agreed have'
  ],
  'at/': [
    'where place location held venue room building address happen happening hall take_place which_room what_place go_to meet be_held is_it come_to how_find site at_which gather setting occur find spot',
    'where place location held venue room building happens happen happening hall takes_place be_held meet in_room site will_be gather occur taking_place located hosted'
  ],
  'with/': [
    'who whom with_me company join accompany bring come coming along together going go_with take_with alone who_else attend by_my_side escort take_along tag invited partner',
    'with_me with company joins join accompanies accompany bring bringing comes come coming along together going goes go_with will_be_there attends by_my_side escort take tag invited not_alone take_along'
  ],
  'make/brand': [
    'brand make made maker company manufacturer built producer model firm who_made which_brand what_make produced label manufactured from_which logo constructed built_by',
    'brand make made maker company manufacturer built produced producer model firm made_by built_by label from manufactured logo constructed'
  ],
  'price/price': [
    'price cost pay paid how_much spend spent expensive money worth did_it_cost pay_for shell_out bill buy_for set_me_back cheap part_with euros dollars fork_out give_for charged receipt',
    'price cost costs pay paid spend spent money worth bought_for set_me_back bill shelled_out got_it_for cost_me charged forked_out receipt parted_with was_sold'
  ],
  'bought/': [
    'when buy bought purchase purchased get got since how_long had date own have_owned acquire first_have got_new mine pick_up become_mine receipt acquired come_by',
    'bought buy purchased purchase got since had have date new mine acquired owned picked_up became_mine have_had been_mine receipt day_of_purchase came_by'
  ],
  'serial/serial number': ['serial serial_number number identification engraved id warranty printed plate sticker on_the_back underneath etched', 'serial serial_number number identification engraved id stamped printed plate sticker warranty on_the_back etched'],
  'password/password': ['password passphrase log_in login secret access word sign_in pass_word get_into unlock protected type_in security enter credentials', 'password passphrase log_in login secret access word protected unlock type_in security enter credentials get_into'],
  'spot/': [
    'where find put keep kept leave left store stored place lost lying hide looking misplaced look_for stash is_it stow lie located lives gone search whereabouts did_I_put rest drawer',
    'put keep kept left leave store stored place lies lying hidden find sits is_in stashed stowed lives_in rests placed hides tucked laid located on_the_shelf in_the_drawer waiting'
  ],
  'name/name': ['name call called named what_name give nickname baptised christened known_as title refer', 'name call called named christened baptised known_as goes_by gave_the_name title refer dubbed'],
  'repair/': [
    'who repair repaired fix fixed mend mended mechanic broken workshop who_fixed take_to broke_down restore put_right got_working handyman work_again mends done_up patched',
    'repaired repair fixed fix mended mend mechanic took brought got_working restored put_right broken workshop repaired_by fixed_by working_again handyman mends patched'
  ],
  'lent/': [
    'who lent lend borrow borrowed has gave got hand loan using back give_to who_has lend_to on_loan return returned borrows whom to_whom using_it give_back owes passed',
    'lent lend borrowed borrow has gave got loan using on_loan lent_to gave_to borrows will_return has_my give_back bring_back handed passed owes'
  ],
  'service/': [
    'when service serviced maintenance check inspection due workshop next next_service checked_over garage inspected mechanic tune_up appointment overhauled look_at go_in mot maintain',
    'service serviced maintenance check inspection due workshop next next_service checked_over garage inspected mechanic tune_up goes_in overhauled look_at mot maintained has_to_go'
  ],
  'plate/licence plate': ['licence license plate registration number registered car licence_plate number_plate tag plates what_plate registration_number police on_the_plate parking_permit', 'licence license plate registration number registered licence_plate number_plate tag plates registration_number on_the_plate'],
  'parking/parking spot': ['where park parked parking spot level bay garage leave left car parking_spot parking_space which_level did_I_park find_my_car stand left_it car_park floor lot', 'park parked parking spot level bay garage left parking_spot parking_space stands car_park on_level floor left_it lot']
}

const split = new Map(Object.entries(words).map(([key, [asked, told]]) => [key, { asked: turnsOf(asked), told: turnsOf(told) }]))

/** The words of a kind of fact; undefined for one that has none. */
export function wordsFor({ group, label }: FactKind): { readonly asked: readonly string[]; readonly told: readonly string[] } | undefined {
  return split.get(`${group}/${label ?? ''}`)
}

/** All words that are there. */
export const lexicon: readonly string[] = [...split.values()].flatMap(({ asked, told }) => [...asked, ...told])

function turnsOf(list: string): string[] {
  return list.split(' ').map(each => each.replaceAll('_', ' '))
}
