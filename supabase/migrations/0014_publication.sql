-- What the feed carries. Written by nobody; the publication itself is made by the platform.

alter publication supabase_realtime add table
  public.machines, public.machine_state, public.machine_leases, public.machine_commands,
  public.process_executions, public.process_execution_state, public.step_execution_history, public.run_notes,
  public.projects, public.subtasks, public.steps;

/* rollback
alter publication supabase_realtime drop table
  public.machines, public.machine_state, public.machine_leases, public.machine_commands,
  public.process_executions, public.process_execution_state, public.step_execution_history, public.run_notes,
  public.projects, public.subtasks, public.steps;
rollback */
