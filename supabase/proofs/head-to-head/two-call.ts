/**
 * The pattern this product replaces, as the existing controller has it: two tables without constraints, triggers or a
 * common transaction, written by two calls. The second call is not made when the first one's answer does not come.
 */

/**
 * The two tables with the columns and keys of the existing database; `schema` must exist. Defaults stand in for what a person
 * would have typed. Row security is on, as for every table; the secret key passes it.
 */
export const twoCallTables = (schema: string): string => `
  create table ${schema}.two_call_machines (
    id uuid primary key default gen_random_uuid(), serial_number text not null unique default gen_random_uuid()::text,
    location text not null default 'Bay 3', lab_name text not null default 'Thin films', lab_institution text not null default 'Proof',
    model text not null default 'R200', machine_type text not null default 'thermal-ald', install_date timestamptz not null default now(),
    status text not null default 'idle', current_operator_id uuid, last_maintenance_date timestamptz not null default now(),
    admin_id uuid not null default gen_random_uuid(), is_active boolean not null default true,
    current_process_id uuid references public.process_executions (id), created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(), is_virtual boolean default false, virtual_config jsonb);
  create table ${schema}.two_call_machine_state (
    machine_id uuid primary key references ${schema}.two_call_machines (id), current_state varchar(50) not null default 'idle',
    state_since timestamptz not null default now(), process_id uuid, is_failure_mode boolean not null default false,
    failure_component uuid references public.machine_components (id), failure_description text,
    updated_at timestamptz not null default now());
  alter table ${schema}.two_call_machines enable row level security;
  alter table ${schema}.two_call_machine_state enable row level security;
  revoke all on ${schema}.two_call_machines, ${schema}.two_call_machine_state from anon, authenticated;
  grant select, insert, update on ${schema}.two_call_machines, ${schema}.two_call_machine_state to service_role`;

/** States a machine may be moved between without a run. */
export const STATES = ["idle", "error", "maintenance", "offline"] as const;
export type State = (typeof STATES)[number];

/** How many of these machines tell two stories, or only half of one. */
export const inconsistentOf = (machines: string, states: string): string => `
  select count(*)::int as count from ${machines} m left join ${states} s on s.machine_id = m.id
  where m.id = any($1) and (s.machine_id is null or lower(m.status) <> lower(s.current_state)
    or m.current_process_id is distinct from s.process_id)`;
