import type { Dice } from '../dice.ts'
import type { AnswerKind } from './answer-kinds.ts'
import { sayWords } from './say-words.ts'

/** What English has for asking for each tool, beside the phrases of tasks/; turns of several words are joined by `_`. No phrase of any split was looked at for them. */
const words: Readonly<Record<string, string>> = {
  remember: 'remember note note_down store save keep keep_in_mind write_down write_it_down record jot_down log memorise memorize bear_in_mind do_not_forget make_a_note put_on_record take_note for_later for_future_reference hold_on_to remember_that save_this store_that',
  recall: 'search search_for look_up look_for find find_out_everything go_through notes everything_you_know anything_about dig_up check_your_memory memories what_do_you_have_on browse stored_about saved_about recall any_information what_is_stored search_everything look_through',
  forget: 'forget delete erase remove wipe drop discard clear no_longer_store get_rid_of scrap strike throw_away purge what_I_told_you take_back forget_about forget_what all_about delete_everything',
  list_add: 'add put on_the_list onto_the_list to_the_list include write need buy get stick append out_of run_out_of shopping_list throw_in extra missing on_my_list we_need list pop',
  list_remove: 'remove take_off off_the_list from_the_list cross_off cross_out delete strike_off tick_off done_with bought_already got_already do_not_need any_more no_longer_need drop scratch check_off erase list out_of_the_list not_need is_done leave_out',
  list_show: 'show list what_is_on read_out see display which_things items_on still_on contents let_me_see open give_me look_at is_on_the_list left_on everything_on read_me whole_list',
  set_reminder: 'remind_me reminder nudge_me ping_me notify_me alert_me do_not_let_me_forget to prompt_me give_me_a_shout heads_up set_a_reminder tell_me_to remind I_have_to I_must let_me_know',
  set_timer: 'timer countdown set_a_timer start count_down minutes seconds hours stopwatch ring_in beep go_off set wake_me_in for time_it alarm',
  date_add: 'what_date which_date what_day weekday will_it_be from_now after before ago later from_today day_of_the_week falls_on',
  days_between: 'how_many_days days_until days_till between left_until how_long_until weeks_until since sleeps how_many_weeks how_long_is_it',
  calculate: 'calculate plus minus times divided_by what_is sum multiply multiplied_by subtract how_much_is compute work_out equals total add_up'
}
const listed = (lists: Readonly<Record<string, string>>) => new Map(Object.entries(lists).map(([name, list]) => [name, list.split(' ').map(each => each.replaceAll('_', ' '))]))
const [tools, sayings] = [listed(words), listed(sayWords)]
/** Words of which messages are full whatever they want. */
const around = 'please can you could would the a my I just now then ok hey also'.split(' ')

/** A message that wants a tool, as a few of its words in any order and what its arguments say; undefined for a tool that has none. */
export function looseCall(tool: string, values: readonly string[], dice: Dice): string | undefined {
  const own = tools.get(tool)
  return own && dice.shuffle([...dice.some(own, dice.between(1, 3)), ...dice.some(around, dice.below(3)), ...values]).join(' ')
}

/** A message that wants an answer of a kind, as a few of its words in any order; undefined for a kind that has none. */
export function looseSaying(kind: AnswerKind, dice: Dice): string | undefined {
  const own = sayings.get(kind)
  return own && dice.shuffle([...dice.some(own, dice.between(1, 3)), ...dice.some(around, dice.below(3))]).join(' ')
}
