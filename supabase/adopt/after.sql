-- Last in the transaction that takes a database over, after all migrations: what was found is where the audit log begins.

insert into public.audit_log (actor_role, action, machine_id, run_id, after, reason)
select session_user, 'run_status', r.machine_id, r.id, jsonb_build_object('status', r.status, 'last_seq', r.last_seq),
  'As found when the database was taken over.'
from public.process_executions r
where not exists (select 1 from public.audit_log a where a.run_id = r.id and a.action = 'run_status');
set constraints all immediate;
drop schema adoption_shape;
