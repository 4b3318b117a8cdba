import type { AnswerKind } from './answer-kinds.ts'

/** What English has for what is said to an assistant beside questions and orders; turns of several words are joined by `_`. Whoever wrote them saw the phrases for learning, and none of other splits. */
export const sayWords: Partial<Readonly<Record<AnswerKind, string>>> = {
  hello:
    'hello hallo hullo hi hiya hey heya hey_there hi_there hello_there hello_again hi_again hey_again howdy greetings salutations gday good_day good_morning good_afternoon good_evening morning mornin ' +
    'afternoon evening morning_all evening_all top_of_the_morning yo yo_yo sup wassup whatsup aloha ahoy oi ello welcome_back good_to_see_you nice_to_see_you great_to_see_you good_to_be_back ' +
    'nice_to_meet_you pleased_to_meet_you glad_to_meet_you long_time_no_see i_am_back im_back back_again me_again its_me it_is_me here_i_am just_got_back just_woke_up just_got_up hi_everyone hello_everyone ' +
    'hi_all hello_friend hi_buddy hey_mate hey_you hello_you alright_mate ay_up wotcha',
  welcome:
    'thanks thank thank_you thankyou thx thnx tnx ty tysm tyvm thanx thanks_a_lot thanks_a_million thanks_a_bunch thanks_so_much thanks_again thanks_very_much many_thanks much_thanks thank_you_kindly ' +
    'thank_you_very_much thank_you_so_much ta ta_very_much cheers cheers_mate cheers_for_that much_obliged obliged grateful gratefully gratitude appreciate appreciated i_appreciate much_appreciated ' +
    'appreciative thankful bless_you you_saved_me that_saved_me lifesaver i_owe_you owe_you_one that_helped that_helps helped_a_lot helped_me_a_lot you_helped_me for_your_help for_the_help for_helping ' +
    'for_reminding for_remembering kind_of_you good_of_you nice_of_you merci danke gracias',
  goodbye:
    'bye byebye bye_bye bye_now goodbye good_bye good_night goodnight night_night nighty_night nite farewell cheerio toodle toodles toodle_oo ta_ta tata ciao adieu adios so_long see_you see_ya cya ' +
    'see_you_later see_you_soon see_you_tomorrow see_you_around catch_you_later later laters until_later until_tomorrow until_next_time till_tomorrow till_later talk_later talk_soon talk_tomorrow ' +
    'talk_to_you_later ttyl speak_soon speak_later speak_tomorrow take_care sleep_well sleep_tight sweet_dreams have_a_nice have_a_good have_a_great have_a_lovely i_must_go i_have_to_go need_to_go ' +
    'got_to_go gotta_go gotta_run must_dash must_run i_am_off im_off off_to_bed off_to_work going_to_bed going_now leaving_now i_am_leaving i_am_going heading_off heading_out signing_off logging_off ' +
    'that_was_all that_is_all thats_all done_for_today all_for_today all_for_now enough_for_today call_it_a_day call_it_a_night',
  fine:
    'how_are_you how_are_ya how_are_things how_are_we how_r_u hru how_you_doing how_ya_doing how_are_you_doing how_are_you_feeling how_do_you_feel how_do_you_do how_have_you_been how_were_you how_goes ' +
    'how_goes_it how_is_it_going hows_it_going how_is_life hows_life how_is_everything hows_everything how_is_your hows_your how_was_your how_are_you_getting_on getting_on how_are_you_keeping ' +
    'how_you_keeping keeping_well hows_tricks how_have_things what_is_up whats_up whats_new what_is_new whats_happening how_about_you and_you and_yourself are_you_well are_you_okay are_you_ok are_you_fine ' +
    'are_you_good are_you_alright are_you_all_right are_you_happy are_you_doing_well you_ok you_okay you_alright you_all_right you_good you_well feeling_today feeling_well doing_today doing_well ' +
    'all_well_with_you ok_with_you everything_ok everything_alright did_you_sleep did_you_have_a_good having_a_good slept_well',
  self:
    'who_are_you who_you_are who_r_u who_is_this whos_this who_is_that who_is_there who_am_i_talking who_am_i_speaking who_am_i_chatting talking_to_who speaking_to_who what_are_you what_you_are ' +
    'what_is_this what_exactly_are_you who_exactly_are_you your_name ur_name whats_your_name what_is_your_name name_again do_you_have_a_name have_you_got_a_name what_are_you_called you_called ' +
    'are_you_called what_do_they_call_you what_do_i_call_you what_should_i_call_you what_can_i_call_you how_should_i_call_you call_you is_your_name does_it_have_a_name introduce introduce_yourself ' +
    'introduction present_yourself describe_yourself explain_yourself about_yourself about_you tell_me_about_yourself yourself identify identify_yourself identity what_app this_app which_app ' +
    'which_assistant what_assistant which_program what_program kind_of_assistant sort_of_assistant type_of_assistant kind_of_thing_are_you kinmesh are_you_kinmesh who_made_you who_created_you who_built_you ' +
    'who_named_you',
  abilities:
    'what_can_you what_can_you_do what_can_i_do what_can_i_ask what_can_i_say what_may_i_ask what_could_you what_else_can_you what_else_do_you what_all_can you_can_do can_you_do able_to_do are_you_able ' +
    'what_are_you_able capable capable_of capability capabilities ability abilities skill skills features feature functions function functionality commands command options menu talents purpose your_purpose ' +
    'your_job your_use your_role good_for good_at useful_for what_do_you_do what_do_you_know_how what_are_you_for what_are_you_there_for what_is_this_for help help_me help_please can_you_help ' +
    'could_you_help how_can_you_help how_do_you_help help_with i_need_help need_help need_some_help assist assist_me assistance how_do_i_use how_can_i_use how_to_use how_do_you_work how_you_work ' +
    'how_does_this_work how_this_works how_it_works use_you use_this instructions manual tutorial guide_me getting_started get_started where_do_i_start how_do_i_start examples show_me_how show_me_what ' +
    'what_should_i_ask what_should_i_say',
  program:
    'human humans human_being person real_person real_human somebody_real someone_real robot robotic bot chatbot machine computer program programme software algorithm android cyborg artificial ai an_ai ' +
    'artificial_intelligence alive living living_being are_you_alive being creature are_you_real are_you_human are_you_a_man are_you_a_woman man_or_woman boy_or_girl male female gender are_you_a_boy ' +
    'are_you_a_girl conscious consciousness self_aware sentient soul feelings emotions emotional do_you_feel can_you_feel feel_anything feel_pain have_feelings do_you_think can_you_think do_you_love ' +
    'can_you_love in_love do_you_dream dreams do_you_sleep do_you_eat do_you_drink do_you_breathe do_you_get_tired do_you_get_bored do_you_get_lonely do_you_have_a_body your_body a_brain a_heart a_face ' +
    'a_family parents do_you_have_friends are_you_married how_old_are_you your_age your_birthday when_were_you_born were_you_born where_do_you_live where_are_you_from can_you_die do_you_exist talking_to_a ' +
    'chatting_with_a flesh_and_blood',
  privacy:
    'private privately privacy data my_data my_words my_information my_info my_secrets secret secrets secure security safe safely is_it_safe confidential trust_you encrypted encryption hacked hackers leak ' +
    'leaks leaked shared sell third_parties upload uploads uploaded transmit sent_to send_my do_you_send send_this send_it cloud server servers internet online offline wifi connection connected network ' +
    'without_internet need_internet airplane_mode stored storage do_you_store save_this where_do_you_save do_you_save where_do_you_keep where_is_it_stored on_my_device my_device leave_my_device locally ' +
    'local my_phone who_can_see who_can_read who_else who_sees who_reads who_gets anyone_else_see can_others tell_others tell_anyone tell_anybody listening_in are_you_listening always_listening ' +
    'do_you_listen spy spying eavesdrop eavesdropping record recording microphone tracking',
  size:
    'smart smarter intelligent intelligence iq clever cleverer bright brainy dumb how_smart how_clever how_intelligent how_bright how_good_are_you how_big_are_you how_large_are_you how_small_are_you ' +
    'how_powerful how_strong_are_you how_fast_are_you how_accurate how_reliable reliable reliably unreliable accurate accuracy trustworthy rely_on count_on depend_on can_i_trust your_answers mistake ' +
    'mistakes make_mistakes error errors wrong are_you_wrong ever_wrong sometimes_wrong always_right are_you_right are_you_sure fail perfect_are_you limits limit limitations weaknesses model models ' +
    'language_model llm neural neural_network parameters gpt chatgpt trained training big_model small_model how_big how_many_parameters what_model which_model megabytes size your_size tiny small powerful ' +
    'do_you_know_everything know_everything know_a_lot do_you_know_much know_much how_much_do_you_know all_knowing do_you_learn can_you_learn do_you_understand_everything why_are_you_so slow better_than ' +
    'as_good_as',
  joke:
    'joke jokes joking joker a_joke tell_me_a_joke another_joke one_more_joke good_joke dad_joke knock_knock pun puns punchline one_liner riddle riddles gag gags limerick wisecrack witty wit funny ' +
    'something_funny say_something_funny tell_me_something_funny be_funny funnier humour humor humorous hilarious comedy comedian comic laugh laughs laughing laughter giggle chuckle smile make_me_laugh ' +
    'make_me_smile make_me_giggle need_a_laugh want_to_laugh good_laugh bit_of_fun have_some_fun amuse amuse_me amusing entertain entertain_me entertaining entertainment cheer_me_up cheer_me ' +
    'lighten_the_mood crack_me_up crack_a_joke silly something_silly fun_fact fun banter anecdote funny_story why_did_the_chicken',
  thanks:
    'great amazing awesome excellent fantastic wonderful brilliant superb marvellous marvelous splendid outstanding impressive impressed incredible terrific fabulous magnificent perfect spectacular stellar ' +
    'phenomenal lovely super ace legend star rockstar genius champ hero wow bravo kudos congrats congratulations hooray well_done nicely_done good_job great_job nice_job good_work great_work nice_work ' +
    'nice_one good_one good_bot good_boy good_girl very_good very_nice so_good so_smart so_clever so_helpful very_helpful really_helpful very_useful so_useful the_best you_are_the_best youre_the_best ' +
    'you_are_great you_are_good you_are_nice you_are_so_kind you_are_sweet you_are_cool you_are_funny you_are_clever you_are_smart you_rock you_rule i_love_you love_you love_it love_this i_like_you ' +
    'like_you proud_of_you spot_on top_notch first_class works_great works_well good_answer that_was_good that_is_right exactly_right',
  sorry:
    'stupid dumb idiot idiotic moron fool foolish useless worthless pointless hopeless pathetic rubbish garbage trash crap crappy junk bad very_bad so_bad bad_bot terrible horrible awful dreadful appalling ' +
    'lousy shit damn bloody sucks you_suck worst the_worst hate hate_you i_hate_you hate_this annoying annoyed annoy irritating frustrating frustrated angry_with_you disappointed disappointing ' +
    'disappointment ridiculous nonsense mess wrong that_is_wrong you_are_wrong youre_wrong wrong_again incorrect not_right not_true not_correct not_what_i not_helpful unhelpful no_help does_not_help ' +
    'did_not_help do_not_understand_me not_understand misunderstood not_listening never_listen does_not_work not_working doesnt_work broken buggy failed not_again shut_up go_away stop_it liar clueless ' +
    'makes_no_sense you_forgot boring waste_of_time fed_up_with_you',
  listening:
    'tired exhausted sleepy knackered shattered worn_out drained weary hungry starving thirsty bored sad unhappy depressed lonely upset angry worried anxious nervous scared stressed stress overwhelmed ' +
    'miserable grumpy cranky fed_up homesick heartbroken happy glad excited cheerful relaxed sick ill unwell dizzy headache migraine fever flu sore hurts hurt ache aches pain i_feel i_am_feeling feeling ' +
    'im_so i_am_so bad_mood good_mood could_not_sleep slept_badly bad_day long_day hard_day busy_day rough_day lovely_day what_a_day what_a_week what_a_night bad_night today_was monday_again ' +
    'weekend_at_last rain raining rainy snowing sunny sunshine cold freezing hot boiling windy weather foggy stormy too_much_work busy',
  okay:
    'ok okay okey okey_dokey okie k kk yes yeah yea yep yup ya aye yes_please sure of_course certainly absolutely definitely indeed exactly right alright all_right fine very_well sounds_good good cool nice ' +
    'agreed i_agree true correct got_it gotcha understood i_see i_understand oh ah aha hmm hm mhm uh um well fair_enough makes_sense good_to_know no_problem no_worries all_good that_is_fine fine_by_me ' +
    'fine_with_me suits_me fair no nope nah no_thanks no_thank_you not_now not_today maybe perhaps maybe_later whatever never_mind nevermind nvm forget_it forget_that ignore_that ignore_me disregard ' +
    'skip_it leave_it scrap_that not_important does_not_matter doesnt_matter it_was_nothing nothing wrong_chat my_mistake my_bad',
  here:
    'test tests tested testing test_test testing_testing just_a_test only_a_test this_is_a_test a_test trial trying_out just_trying just_checking check check_check checking mic_check one_two one_two_three ' +
    'ping pong hello_world anyone_there anybody_there someone_there somebody_there is_anyone_there is_anybody_there anyone_here anybody_here anyone_home anybody_home are_you_there you_there still_there ' +
    'are_you_here are_you_still_there are_you_awake are_you_on are_you_online are_you_working are_you_ready are_you_asleep awake is_it_on is_this_on is_this_thing_on is_this_working is_it_working ' +
    'does_this_work does_it_work do_you_hear_me can_you_hear_me hear_me can_you_read_this can_you_see_this do_you_read_me do_you_copy respond answer_me say_something say_anything earth_to foo bar baz ' +
    'foobar qwerty qwertz asdf asdfgh asdfasdf sdf jkl zxcv abc abcd xyz xxx aaa blah blah_blah bla blabla lorem ipsum gibberish lalala',
  unknowing:
    'capital president minister king queen emperor country countries continent population inhabitants language currency flag river mountain ocean planet planets moon galaxy universe distance how_far ' +
    'how_tall how_old_is how_fast_is how_high how_deep how_many_people largest biggest highest tallest longest invented inventor discovered wrote_the author painter actor war battle revolution history ' +
    'century ancient element chemical formula atom gravity physics chemistry biology evolution animals dinosaurs theorem square_root world_cup championship election olympics recipe symptoms definition ' +
    'define meaning what_does explain why_is why_are how_does how_is how_did what_is_a what_is_the_difference who_was who_won who_invented when_was when_did where_is which_country tell_me_about',
  unable:
    'write write_me write_a rewrite poem poems poetry haiku rhyme song lyrics story tale fairy_tale novel essay article blog blog_post report letter_for cover_letter cv resume speech script draft compose ' +
    'text_about draw paint drawing picture image logo photo video animation music sing play_a_song design create generate build invent_a make_up make_me code coding program_that function_that python ' +
    'javascript website app_that translate translation summarize summarise summary paraphrase proofread grammar homework equation calculate plan_my plan_a itinerary book_a book_me order_a order_me ' +
    'call_a_taxi send_an_email email_my search_the google_it look_up download open_the turn_on turn_off switch_on weather_forecast directions_to guide_to',
  time:
    'what_time what_time_is_it what_time_is_now what_time_it_is what_is_the_time whats_the_time wats_the_time what_is_the_hour which_hour what_hour what_hour_is_it the_time_now the_time_please time_please ' +
    'time_now time_is_it time_it_is time_right_now current_time present_time exact_time local_time correct_time right_time time_of_day got_the_time have_the_time have_you_got_the_time do_you_have_the_time ' +
    'do_you_know_the_time tell_me_the_time tell_the_time give_me_the_time show_me_the_time say_the_time check_the_time need_the_time know_the_time how_late how_late_is_it how_early how_early_is_it ' +
    'is_it_late is_it_late_already is_it_early is_it_noon is_it_midnight is_it_past clock oclock the_clock by_the_clock on_the_clock clock_say your_watch hour_is_it',
  date:
    'date the_date date_today date_is_it date_please todays_date today_date date_of_today current_date present_date exact_date calendar_date what_date what_is_the_date whats_the_date which_date ' +
    'tell_me_the_date give_me_the_date say_the_date show_me_the_date need_the_date know_the_date have_the_date got_the_date check_the_date calendar the_calendar what_month which_month month month_is_it ' +
    'current_month what_is_the_month month_are_we what_year which_year year year_is_it current_year what_is_the_year year_are_we day_of_the_month what_day_of_the_month which_day_of_the_month ' +
    'what_number_day the_how_many the_what_today is_it_the_first is_today_the is_it_already_the day_and_month day_month_year what_week_number week_number date_of_the_day',
  day:
    'what_day which_day what_day_is_it what_day_is_today which_day_is_it what_day_is_this what_day_it_is which_day_is_today what_is_the_day whats_the_day what_is_today whats_today what_day_are_we day_is_it ' +
    'day_is_today day_today day_are_we day_of_the_week day_of_week day_of_the_week_today weekday which_weekday what_weekday weekday_is_it weekday_is_today weekday_today todays_day current_day ' +
    'tell_me_the_day give_me_the_day say_the_day know_the_day know_what_day what_do_we_have_today is_it_monday is_it_tuesday is_it_wednesday is_it_thursday is_it_friday is_it_saturday is_it_sunday ' +
    'is_today_monday is_today_tuesday is_today_wednesday is_today_thursday is_today_friday is_today_saturday is_today_sunday is_it_the_weekend is_it_weekend is_it_a_weekday is_it_a_workday is_today_a ' +
    'day_again'
}
