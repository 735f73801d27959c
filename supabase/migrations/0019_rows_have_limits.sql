-- How much one command and one step may carry. More than a megabyte does not pass the feed, and nobody means it.
-- Written by: nobody new; what is larger is refused (23514, 400) and nothing of that call is written.

alter table public.machine_commands
  add constraint machine_commands_payload_is_small check (pg_column_size(payload) <= 65536),
  add constraint machine_commands_reason_is_short check (length(reason) <= 4000);
alter table public.step_execution_history
  add constraint step_execution_history_parameters_are_small check (pg_column_size(parameters) <= 262144),
  add constraint step_execution_history_pulse_is_small check (pg_column_size(pulse) <= 65536),
  add constraint step_execution_history_name_is_short check (length(step_name) <= 20000);

/* rollback
alter table public.machine_commands
  drop constraint if exists machine_commands_payload_is_small,
  drop constraint if exists machine_commands_reason_is_short;
alter table public.step_execution_history
  drop constraint if exists step_execution_history_parameters_are_small,
  drop constraint if exists step_execution_history_pulse_is_small,
  drop constraint if exists step_execution_history_name_is_short;
rollback */
