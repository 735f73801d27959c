-- The tables of the step history and of the workflow, column by column, key by key, index by index, trigger by trigger.
-- What is not written here is not there, and the other way round.
create temporary table expected_columns (relation text, name text, type text, is_required boolean, preset text) on commit drop;
insert into expected_columns values
  -- The step history as it was first asked for; started_at and parameters are required since it is true.
  ('step_execution_history', 'id', 'uuid', true, 'gen_random_uuid()'),
  ('step_execution_history', 'process_id', 'uuid', true, null),
  ('step_execution_history', 'step_number', 'integer', false, null),
  ('step_execution_history', 'step_type', 'text', false, null),
  ('step_execution_history', 'step_name', 'text', false, null),
  ('step_execution_history', 'started_at', 'timestamp with time zone', true, 'now()'),
  ('step_execution_history', 'ended_at', 'timestamp with time zone', false, null),
  ('step_execution_history', 'parameters', 'jsonb', true, '''{}''::jsonb'),
  ('step_execution_history', 'created_at', 'timestamp with time zone', false, 'now()'),
  -- What was added to it.
  ('step_execution_history', 'seq', 'integer', true, null),
  ('step_execution_history', 'recipe_step_id', 'uuid', false, null),
  ('step_execution_history', 'loop_path', 'integer[]', true, '''{}''::integer[]'),
  ('step_execution_history', 'cycle', 'integer', false, null),
  ('step_execution_history', 'planned_ms', 'integer', false, null),
  ('step_execution_history', 'measured_ms', 'numeric(12,3)', false, null),
  ('step_execution_history', 'device_started_at', 'timestamp with time zone', false, null),
  ('step_execution_history', 'end_reason', 'text', false, null),
  ('step_execution_history', 'pulse', 'jsonb', false, null),
  ('step_execution_history', 'deviation_ms', 'numeric', false, '(measured_ms - (planned_ms)::numeric)'),
  ('step_execution_history', 'is_deviation', 'boolean', false, '(COALESCE((abs((measured_ms - (planned_ms)::numeric)) > GREATEST((25)::numeric, ((planned_ms)::numeric * 0.03))), false) AND ((COALESCE(end_reason, ''next''::text) = ANY (ARRAY[''next''::text, ''completed''::text])) OR (measured_ms > (planned_ms)::numeric)))'),
  -- What it is cut from.
  ('process_execution_state', 'id', 'uuid', true, 'gen_random_uuid()'),
  ('process_execution_state', 'execution_id', 'uuid', true, null),
  ('process_execution_state', 'current_step_index', 'integer', false, '0'),
  ('process_execution_state', 'current_overall_step', 'integer', false, '0'),
  ('process_execution_state', 'total_overall_steps', 'integer', false, null),
  ('process_execution_state', 'current_step', 'jsonb', false, null),
  ('process_execution_state', 'current_step_type', 'text', false, null),
  ('process_execution_state', 'current_step_name', 'text', false, null),
  ('process_execution_state', 'current_valve_number', 'integer', false, null),
  ('process_execution_state', 'current_valve_duration_ms', 'integer', false, null),
  ('process_execution_state', 'current_purge_duration_ms', 'integer', false, null),
  ('process_execution_state', 'current_parameter_id', 'uuid', false, null),
  ('process_execution_state', 'current_parameter_value', 'numeric', false, null),
  ('process_execution_state', 'current_loop_count', 'integer', false, null),
  ('process_execution_state', 'current_loop_iteration', 'integer', false, null),
  ('process_execution_state', 'progress', 'jsonb', true, '''{"total_steps": 0, "completed_steps": 0}''::jsonb'),
  ('process_execution_state', 'process_metrics', 'jsonb', false, null),
  ('process_execution_state', 'last_updated', 'timestamp with time zone', false, 'now()'),
  ('process_execution_state', 'created_at', 'timestamp with time zone', false, 'now()'),
  -- What was added.
  ('process_execution_state', 'current_seq', 'integer', true, '0'),
  ('process_execution_state', 'revision', 'bigint', true, '1'),
  -- The workflow.
  ('steps', 'id', 'integer', true, 'nextval(''steps_id_seq''::regclass)'),
  ('steps', 'project_id', 'integer', true, null),
  ('steps', 'subtask_id', 'integer', true, null),
  ('steps', 'step_number', 'integer', true, null),
  ('steps', 'step_type', 'step_type', true, null),
  ('steps', 'file_path', 'text', false, null),
  ('steps', 'instructions', 'text', false, null),
  ('steps', 'status', 'status', true, null),
  ('steps', 'assigned_to', 'assigned_to', true, null),
  ('steps', 'context_snapshot', 'json', false, null),
  ('steps', 'context_files', 'jsonb', false, null),
  ('steps', 'attempt_count', 'integer', false, '0'),
  ('steps', 'last_error', 'text', false, null),
  ('steps', 'parent_step_id', 'integer', false, null),
  ('steps', 'created_at', 'timestamp without time zone', false, '(now() AT TIME ZONE ''utc''::text)'),
  ('steps', 'updated_at', 'timestamp without time zone', false, '(now() AT TIME ZONE ''utc''::text)'),
  ('subtasks', 'id', 'integer', true, 'nextval(''subtasks_id_seq''::regclass)'),
  ('subtasks', 'project_id', 'integer', true, null),
  ('subtasks', 'external_id', 'text', false, null),
  ('subtasks', 'title', 'text', true, null),
  ('subtasks', 'status', 'status', true, '''pending''::status'),
  ('subtasks', 'stage', 'work_stage', true, '''pending''::work_stage'),
  ('subtasks', 'order_index', 'integer', true, '0'),
  ('subtasks', 'created_at', 'timestamp with time zone', true, 'now()'),
  ('subtasks', 'updated_at', 'timestamp with time zone', true, 'now()'),
  ('projects', 'id', 'integer', true, 'nextval(''projects_id_seq''::regclass)'),
  ('projects', 'external_id', 'text', false, null),
  ('projects', 'name', 'text', true, null),
  ('projects', 'created_at', 'timestamp with time zone', true, 'now()'),
  ('projects', 'updated_at', 'timestamp with time zone', true, 'now()');

create temporary table expected_keys (relation text, definition text) on commit drop;
insert into expected_keys values
  ('process_execution_state', 'FOREIGN KEY (current_parameter_id) REFERENCES component_parameters(id) ON DELETE SET NULL'),
  ('process_execution_state', 'FOREIGN KEY (execution_id) REFERENCES process_executions(id) ON DELETE CASCADE'),
  ('process_execution_state', 'PRIMARY KEY (id)'),
  ('process_execution_state', 'UNIQUE (execution_id)'),
  ('projects', 'PRIMARY KEY (id)'),
  ('projects', 'UNIQUE (external_id)'),
  ('step_execution_history', 'CHECK ((ended_at > started_at))'),
  ('step_execution_history', 'CHECK ((end_reason = ANY (ARRAY[''next''::text, ''completed''::text, ''aborted''::text, ''failed''::text, ''interrupted''::text])))'),
  ('step_execution_history', 'CHECK ((measured_ms > (0)::numeric))'),
  ('step_execution_history', 'CHECK ((length(step_name) <= 20000))'),
  ('step_execution_history', 'CHECK ((pg_column_size(parameters) <= 262144))'),
  ('step_execution_history', 'CHECK ((pg_column_size(pulse) <= 65536))'),
  ('step_execution_history', 'CHECK ((seq > 0))'),
  ('step_execution_history', 'FOREIGN KEY (process_id) REFERENCES process_executions(id)'),
  ('step_execution_history', 'PRIMARY KEY (id)'),
  ('step_execution_history', 'UNIQUE (process_id, seq)'),
  ('steps', 'FOREIGN KEY (parent_step_id) REFERENCES steps(id)'),
  ('steps', 'FOREIGN KEY (project_id) REFERENCES projects(id)'),
  ('steps', 'FOREIGN KEY (subtask_id) REFERENCES subtasks(id)'),
  ('steps', 'PRIMARY KEY (id)'),
  ('subtasks', 'FOREIGN KEY (project_id) REFERENCES projects(id) ON DELETE CASCADE'),
  ('subtasks', 'PRIMARY KEY (id)'),
  ('subtasks', 'UNIQUE (external_id)');

create temporary table expected_indexes (relation text, definition text) on commit drop;
insert into expected_indexes values
  ('process_execution_state', 'CREATE INDEX process_execution_state_by_parameter ON public.process_execution_state USING btree (current_parameter_id)'),
  ('process_execution_state', 'CREATE UNIQUE INDEX process_execution_state_execution_id_key ON public.process_execution_state USING btree (execution_id)'),
  ('process_execution_state', 'CREATE UNIQUE INDEX process_execution_state_pkey ON public.process_execution_state USING btree (id)'),
  ('projects', 'CREATE UNIQUE INDEX projects_external_id_key ON public.projects USING btree (external_id)'),
  ('projects', 'CREATE UNIQUE INDEX projects_pkey ON public.projects USING btree (id)'),
  ('step_execution_history', 'CREATE INDEX step_execution_history_by_process_start ON public.step_execution_history USING btree (process_id, started_at)'),
  ('step_execution_history', 'CREATE INDEX step_execution_history_deviations ON public.step_execution_history USING btree (process_id, seq) WHERE is_deviation'),
  ('step_execution_history', $i$CREATE INDEX step_execution_history_weighed ON public.step_execution_history USING btree (process_id, seq) WHERE (pulse ? 'mass_gain_ng_cm2'::text)$i$),
  ('step_execution_history', 'CREATE UNIQUE INDEX step_execution_history_open ON public.step_execution_history USING btree (process_id) WHERE (ended_at IS NULL)'),
  ('step_execution_history', 'CREATE UNIQUE INDEX step_execution_history_pkey ON public.step_execution_history USING btree (id)'),
  ('step_execution_history', 'CREATE UNIQUE INDEX step_execution_history_seq_once ON public.step_execution_history USING btree (process_id, seq)'),
  ('steps', 'CREATE INDEX idx_steps_created_at ON public.steps USING btree (created_at)'),
  ('steps', 'CREATE INDEX idx_steps_parent_step_id ON public.steps USING btree (parent_step_id)'),
  ('steps', 'CREATE INDEX idx_steps_project_id ON public.steps USING btree (project_id)'),
  ('steps', 'CREATE INDEX idx_steps_status ON public.steps USING btree (status)'),
  ('steps', 'CREATE INDEX idx_steps_subtask_id ON public.steps USING btree (subtask_id)'),
  ('steps', 'CREATE UNIQUE INDEX steps_pkey ON public.steps USING btree (id)'),
  ('subtasks', 'CREATE INDEX subtasks_by_project ON public.subtasks USING btree (project_id, order_index)'),
  ('subtasks', 'CREATE UNIQUE INDEX subtasks_external_id_key ON public.subtasks USING btree (external_id)'),
  ('subtasks', 'CREATE UNIQUE INDEX subtasks_pkey ON public.subtasks USING btree (id)');

create temporary table expected_triggers (relation text, definition text) on commit drop;
insert into expected_triggers values
  ('process_execution_state', 'CREATE TRIGGER t10_revise BEFORE UPDATE ON public.process_execution_state FOR EACH ROW EXECUTE FUNCTION private.process_execution_state_revise()'),
  ('process_execution_state', 'CREATE TRIGGER trg_process_state_history AFTER INSERT OR UPDATE ON public.process_execution_state FOR EACH ROW WHEN ((new.current_seq = 0)) EXECUTE FUNCTION fn_record_step_history()'),
  ('process_executions', 'CREATE CONSTRAINT TRIGGER t62_settle AFTER UPDATE ON public.process_executions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((new.status = ANY (ARRAY[''completed''::process_status, ''failed''::process_status, ''aborted''::process_status])) AND (old.status IS DISTINCT FROM new.status))) EXECUTE FUNCTION private.commands_follow_run()'),
  ('process_executions', 'CREATE TRIGGER t05_shorten BEFORE INSERT OR UPDATE OF error_message ON public.process_executions FOR EACH ROW WHEN ((length(new.error_message) > 4000)) EXECUTE FUNCTION private.process_executions_shorten()'),
  ('process_executions', 'CREATE TRIGGER t10_end BEFORE UPDATE ON public.process_executions FOR EACH ROW EXECUTE FUNCTION private.process_executions_end()'),
  ('process_executions', 'CREATE TRIGGER t60_follow_begin AFTER INSERT ON public.process_executions FOR EACH ROW WHEN ((new.status = ANY (ARRAY[''preparing''::process_status, ''running''::process_status, ''paused''::process_status]))) EXECUTE FUNCTION private.machine_follows_run()'),
  ('process_executions', 'CREATE TRIGGER t61_follow_end AFTER UPDATE ON public.process_executions FOR EACH ROW WHEN (((new.status = ANY (ARRAY[''completed''::process_status, ''failed''::process_status, ''aborted''::process_status])) AND (old.status IS DISTINCT FROM new.status))) EXECUTE FUNCTION private.machine_follows_run()'),
  ('process_executions', 'CREATE TRIGGER t85_card_begin AFTER INSERT ON public.process_executions FOR EACH ROW EXECUTE FUNCTION private.run_cards_follow()'),
  ('process_executions', 'CREATE CONSTRAINT TRIGGER t85_card_change AFTER UPDATE ON public.process_executions DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (((((old.status IS DISTINCT FROM new.status) OR (old.end_time IS DISTINCT FROM new.end_time)) OR (old.description IS DISTINCT FROM new.description)) OR (old.error_message IS DISTINCT FROM new.error_message))) EXECUTE FUNCTION private.run_cards_follow()'),
  ('process_executions', 'CREATE TRIGGER t90_audit_start AFTER INSERT ON public.process_executions FOR EACH ROW EXECUTE FUNCTION private.process_executions_audit()'),
  ('process_executions', 'CREATE TRIGGER t91_audit_status AFTER UPDATE ON public.process_executions FOR EACH ROW WHEN ((old.status IS DISTINCT FROM new.status)) EXECUTE FUNCTION private.process_executions_audit()'),
  ('process_executions', 'CREATE TRIGGER trg_process_end_close_history AFTER UPDATE ON public.process_executions FOR EACH ROW WHEN (((new.status = ANY (ARRAY[''completed''::process_status, ''failed''::process_status, ''aborted''::process_status])) AND (new.status IS DISTINCT FROM old.status))) EXECUTE FUNCTION fn_close_open_step_history_on_process_end()'),
  ('projects', 'CREATE TRIGGER t10_keep BEFORE UPDATE ON public.projects FOR EACH ROW EXECUTE FUNCTION private.keep_columns(''id'', ''created_at'')'),
  ('projects', 'CREATE TRIGGER t20_updated BEFORE UPDATE ON public.projects FOR EACH ROW EXECUTE FUNCTION private.workflow_updated()'),
  ('step_execution_history', 'CREATE TRIGGER t80_changed_late AFTER UPDATE ON public.step_execution_history FOR EACH ROW WHEN (((old.ended_at IS NOT NULL) AND ((((((((((((old.measured_ms IS DISTINCT FROM new.measured_ms) OR (old.pulse IS DISTINCT FROM new.pulse)) OR (old.planned_ms IS DISTINCT FROM new.planned_ms)) OR (old.cycle IS DISTINCT FROM new.cycle)) OR (old.device_started_at IS DISTINCT FROM new.device_started_at)) OR (old.started_at IS DISTINCT FROM new.started_at)) OR (old.ended_at IS DISTINCT FROM new.ended_at)) OR (old.end_reason IS DISTINCT FROM new.end_reason)) OR (old.step_type IS DISTINCT FROM new.step_type)) OR (old.step_name IS DISTINCT FROM new.step_name)) OR (old.parameters IS DISTINCT FROM new.parameters)) OR (old.recipe_step_id IS DISTINCT FROM new.recipe_step_id)))) EXECUTE FUNCTION private.step_changed_late()'),
  ('step_execution_history', 'CREATE TRIGGER t80_chunk_closed AFTER INSERT ON public.step_execution_history FOR EACH ROW WHEN ((((new.seq % 16) = 1) AND (new.seq > 16))) EXECUTE FUNCTION private.step_chunk_closed()'),
  ('step_execution_history', 'CREATE TRIGGER t80_removed AFTER DELETE ON public.step_execution_history REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION private.steps_removed()'),
  ('step_execution_history', 'CREATE TRIGGER t10_number BEFORE INSERT ON public.step_execution_history FOR EACH ROW EXECUTE FUNCTION private.step_history_number()'),
  ('steps', 'CREATE TRIGGER t10_keep BEFORE UPDATE ON public.steps FOR EACH ROW EXECUTE FUNCTION private.keep_columns(''id'', ''created_at'', ''project_id'', ''subtask_id'', ''step_number'')'),
  ('steps', 'CREATE TRIGGER t20_changed BEFORE UPDATE ON public.steps FOR EACH ROW EXECUTE FUNCTION private.step_changed()'),
  ('steps', 'CREATE TRIGGER t60_in_place AFTER INSERT ON public.steps FOR EACH ROW EXECUTE FUNCTION private.step_in_place()'),
  ('steps', 'CREATE TRIGGER t61_in_place AFTER UPDATE OF parent_step_id ON public.steps FOR EACH ROW WHEN (((new.parent_step_id IS NOT NULL) AND (new.parent_step_id IS DISTINCT FROM old.parent_step_id))) EXECUTE FUNCTION private.step_in_place()'),
  ('subtasks', 'CREATE TRIGGER t10_keep BEFORE UPDATE ON public.subtasks FOR EACH ROW EXECUTE FUNCTION private.keep_columns(''id'', ''project_id'', ''created_at'')'),
  ('subtasks', 'CREATE TRIGGER t20_updated BEFORE UPDATE ON public.subtasks FOR EACH ROW EXECUTE FUNCTION private.workflow_updated()');

create temporary view found_columns as
select c.relname::text as relation, a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as is_required,
  pg_get_expr(d.adbin, d.adrelid) as preset
from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where c.relnamespace = 'public'::regnamespace and c.relname in (select relation from expected_columns) and a.attnum > 0 and not a.attisdropped;

select plan((select count(*)::integer from expected_columns) + 16);

select is(row(f.type, f.is_required, f.preset)::text, row(e.type, e.is_required, e.preset)::text, format('%s.%s', e.relation, e.name))
from expected_columns e left join found_columns f using (relation, name);
select set_eq($$ select relation, name from found_columns $$, $$ select relation, name from expected_columns $$, 'no other columns');
select set_eq($$
  select c.relname::text, pg_get_constraintdef(k.oid) from pg_constraint k join pg_class c on c.oid = k.conrelid
  where c.relnamespace = 'public'::regnamespace and k.contype <> 'n' and c.relname in (select relation from expected_columns)
$$, $$ select * from expected_keys $$, 'keys, references and checks');
select is_empty($$ select conname from pg_constraint where connamespace = 'public'::regnamespace and not convalidated $$, 'all of them hold for every row');
select set_eq($$
  select i.tablename::text, i.indexdef from pg_indexes i where i.schemaname = 'public' and i.tablename in (select relation from expected_columns)
$$, $$ select * from expected_indexes $$, 'indexes');
select set_eq($$
  select c.relname::text, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
  where not t.tgisinternal and t.tgenabled = 'O' and c.relname in (select relation from expected_columns union select 'process_executions')
$$, $$ select * from expected_triggers $$, 'triggers, all of them on');
select is(a.attgenerated, 's', format('%s is computed', a.attname)) from pg_attribute a
where a.attrelid = 'public.step_execution_history'::regclass and a.attname in ('deviation_ms', 'is_deviation');

-- The two functions of the history.
select is((select row(p.prosecdef, l.lanname, p.prorettype::regtype, p.proconfig)::text from pg_proc p join pg_language l on l.oid = p.prolang
    where p.pronamespace = 'public'::regnamespace and p.proname = f.name), '(t,plpgsql,trigger,"{""search_path=\\""\\""""}")', f.name || ' is a trigger function with its owner''s rights and an empty search path')
from (values ('fn_record_step_history'), ('fn_close_open_step_history_on_process_end')) f (name);

select is((select string_agg(e.enumlabel, ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = ('public.' || t.name)::regtype), t.labels, t.name)
from (values
  ('step_type', 'implementation, test'), ('status', 'pending, in_progress, completed, failed'), ('assigned_to', 'TaraAider, DevonAider'),
  ('work_stage', 'pending, analysis, unit_testing, unit_implementation, integration_testing, integration_implementation, review, completed'),
  ('process_status', 'preparing, running, paused, completed, failed, aborted')) t (name, labels);
select is(obj_description('public.steps'::regclass), 'Tracks individual workflow steps within subtasks', 'the comment of steps');
select is(pg_get_serial_sequence('public.steps', 'id'), 'public.steps_id_seq', 'ids of steps are serial');

select * from finish();
