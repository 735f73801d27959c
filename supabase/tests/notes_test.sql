-- Notes: on what, by whom, and what they said before.
set transaction isolation level repeatable read;
select plan(26);

create temporary table s on commit drop as
select x.*, tests.person('engineer') as ann, tests.person('engineer') as bob, tests.person('viewer') as viewer, gen_random_uuid() as note, gen_random_uuid() as range from tests.start_run() x;
select tests.act_as_owner();
grant select on s to public;
select tests.act_as_controller();
create temporary table recorded on commit drop as
select record_step(run, fence, jsonb_build_array(tests.step(1, 'valve', '{"measured_ms": 100}'), tests.step(2, 'purge', '{"measured_ms": 250}'), tests.step(3))) from s;

select tests.act_as(viewer) from s;
select is(write_note(note, run, 'odd') ->> 'code', 'not_allowed', 'a viewer writes no note') from s;
select tests.act_as(operator) from s;
select is(write_note(note, run, 'odd') ->> 'code', 'not_allowed', 'nor does an operator') from s;
select tests.act_as(gen_random_uuid());
select is(write_note(note, run, 'odd') ->> 'code', 'not_signed_in', 'nor who is not known') from s;
select tests.act_as(ann) from s;
select is(write_note(note, gen_random_uuid(), 'odd') ->> 'code', 'run_not_found', 'nobody on a run that is not there') from s;
select is(write_note(note, run, '  ') ->> 'message', 'The note was not written: a text of 1 to 4 000 characters is needed.', 'nor without a text') from s;
select is(write_note(note, run, 'odd', 4) ->> 'message', 'The note was not written: the run has no such step.', 'nor on a step to come') from s;
select is(write_note(note, run, 'odd', 2, 1) ->> 'message', 'The note was not written: a stretch ends after it begins.', 'nor on a stretch turned about') from s;
select is(write_note(note, run, 'odd', 1, null, now()) ->> 'message', 'The note was not written: it is on a step or on a moment, not on both.', 'nor on two things') from s;
select is(write_note(note, run, 'odd', null, 2) ->> 'message', 'The note was not written: a stretch needs a beginning.', 'nor on an end alone') from s;
select is(write_note(note, run, ' odd ', 2) #>> '{note,body}', 'odd', 'an engineer writes one on a step') from s;
select is(write_note(note, run, 'odd', 2) #>> '{note,version}', '1', 'asking twice is asking once') from s;
select is(write_note(note, run, t, q) ->> 'code', 'note_changed', 'and not with something else') from s, (values ('odder', 2), ('odd', 1)) v (t, q);
select is(write_note(range, run, 'long', null, null, '2026-01-01T00:00:01.5Z', '2026-01-01T00:00:02.5Z') ->> 'ok', 'true', 'and one on a stretch of time') from s;
select is((select jsonb_agg(jsonb_build_array(n -> 'body', n -> 'start_ms', n -> 'end_ms', n -> 'may_edit', n -> 'author_name') order by n ->> 'body') from s, jsonb_array_elements(notes_of_run(run) -> 'notes') n),
  '[["long", 500, 1500, true, "engineer in a test"], ["odd", 1000, null, true, "engineer in a test"]]'::jsonb, 'both have their place on the axis of the run');

select tests.act_as(bob) from s;
select is(edit_note(note, 1, 'fine') ->> 'code', 'not_allowed', 'another engineer does not change it') from s;
select is(retract_note(note, 1) ->> 'code', 'not_allowed', 'nor take it back') from s;
select is(write_note(note, run, 'mine') ->> 'code', 'note_invalid', 'nor write over its id') from s;
select tests.act_as(ann) from s;
select is(edit_note(note, 1, 'valve 2 sticks', 1, 2) #>> '{note,version}', '2', 'its author does') from s;
select is(edit_note(note, 1, 'too late') ->> 'code', 'note_changed', 'over the version seen') from s;
select is(edit_note(note, 2, '') ->> 'code', 'note_invalid', 'with a text') from s;
select is(retract_note(note, 2) #>> '{note,is_retracted}', 'true', 'and takes it back') from s;
select is(edit_note(note, 3, 'again') ->> 'code', 'note_not_found', 'once') from s;
select is((select jsonb_agg(jsonb_build_array(v -> 'version', v -> 'body', v -> 'seq', v -> 'until_seq', v -> 'is_retracted') order by v -> 'version') from s, jsonb_array_elements(note_versions(note) -> 'versions') v),
  '[[1, "odd", 2, null, false], [2, "valve 2 sticks", 1, 2, false], [3, "valve 2 sticks", 1, 2, true]]'::jsonb, 'what it said is kept');
select tests.act_as_owner();
select throws_ok($$ update public.run_note_versions set body = 'never' where note_id = (select note from s) $$, 'PT403', 'The note was not changed there: its versions are append-only.', 'and not changed by anybody');
select tests.act_as(viewer) from s;
select is((select count(*)::integer from s, jsonb_array_elements(notes_of_run(run) -> 'notes') n where (n ->> 'may_edit')::boolean), 0, 'everybody reads, and sees that they are not theirs');

select * from finish();
