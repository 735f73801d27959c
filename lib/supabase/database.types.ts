// Written by scripts/generate-types.ts from the migrated database; run it again after a migration, never edit this file.

export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
  __InternalSupabase: {
    PostgrestVersion: "12";
  };
  public: {
    Tables: {
      audit_log: {
        Row: {
          action: string;
          actor_id: string | null;
          actor_role: string;
          after: Json | null;
          at: string;
          before: Json | null;
          command_id: string | null;
          id: number;
          machine_id: string | null;
          reason: string | null;
          run_id: string | null;
        };
        Insert: {
          action: string;
          actor_id?: string | null;
          actor_role: string;
          after?: Json | null;
          at?: string;
          before?: Json | null;
          command_id?: string | null;
          id?: never;
          machine_id?: string | null;
          reason?: string | null;
          run_id?: string | null;
        };
        Update: {
          action?: string;
          actor_id?: string | null;
          actor_role?: string;
          after?: Json | null;
          at?: string;
          before?: Json | null;
          command_id?: string | null;
          id?: never;
          machine_id?: string | null;
          reason?: string | null;
          run_id?: string | null;
        };
        Relationships: [];
      };
      component_definitions: {
        Row: {
          created_at: string;
          datasheet_url: string | null;
          default_parameters: Json;
          id: string;
          name: string;
          part_number: string | null;
          type: string;
          updated_at: string;
          vendor: string | null;
        };
        Insert: {
          created_at?: string;
          datasheet_url?: string | null;
          default_parameters?: Json;
          id?: string;
          name: string;
          part_number?: string | null;
          type: string;
          updated_at?: string;
          vendor?: string | null;
        };
        Update: {
          created_at?: string;
          datasheet_url?: string | null;
          default_parameters?: Json;
          id?: string;
          name?: string;
          part_number?: string | null;
          type?: string;
          updated_at?: string;
          vendor?: string | null;
        };
        Relationships: [];
      };
      component_parameter_definitions: {
        Row: {
          component_definition_id: string;
          created_at: string;
          default_max: number | null;
          default_min: number | null;
          description: string | null;
          id: string;
          is_writable: boolean;
          name: string;
          unit: string | null;
          updated_at: string;
        };
        Insert: {
          component_definition_id: string;
          created_at?: string;
          default_max?: number | null;
          default_min?: number | null;
          description?: string | null;
          id?: string;
          is_writable?: boolean;
          name: string;
          unit?: string | null;
          updated_at?: string;
        };
        Update: {
          component_definition_id?: string;
          created_at?: string;
          default_max?: number | null;
          default_min?: number | null;
          description?: string | null;
          id?: string;
          is_writable?: boolean;
          name?: string;
          unit?: string | null;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "component_parameter_definitions_component_definition_id_fkey";
            columns: ["component_definition_id"];
            isOneToOne: false;
            referencedRelation: "component_definitions";
            referencedColumns: ["id"];
          },
        ];
      };
      component_parameters: {
        Row: {
          component_id: string;
          created_at: string;
          current_value: number;
          definition_id: string;
          id: string;
          is_writable: boolean;
          max_value: number;
          min_value: number;
          read_at: string | null;
          set_value: number | null;
          show_in_graph: boolean;
          show_in_ui: boolean;
          updated_at: string;
        };
        Insert: {
          component_id: string;
          created_at?: string;
          current_value?: number;
          definition_id: string;
          id?: string;
          is_writable?: boolean;
          max_value: number;
          min_value: number;
          read_at?: string | null;
          set_value?: number | null;
          show_in_graph?: boolean;
          show_in_ui?: boolean;
          updated_at?: string;
        };
        Update: {
          component_id?: string;
          created_at?: string;
          current_value?: number;
          definition_id?: string;
          id?: string;
          is_writable?: boolean;
          max_value?: number;
          min_value?: number;
          read_at?: string | null;
          set_value?: number | null;
          show_in_graph?: boolean;
          show_in_ui?: boolean;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "component_parameters_component_id_fkey";
            columns: ["component_id"];
            isOneToOne: false;
            referencedRelation: "machine_components";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "component_parameters_definition_id_fkey";
            columns: ["definition_id"];
            isOneToOne: false;
            referencedRelation: "component_parameter_definitions";
            referencedColumns: ["id"];
          },
        ];
      };
      loop_step_config: {
        Row: {
          created_at: string;
          id: string;
          iteration_count: number;
          step_id: string;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          id?: string;
          iteration_count: number;
          step_id: string;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          id?: string;
          iteration_count?: number;
          step_id?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "loop_step_config_step_id_fkey";
            columns: ["step_id"];
            isOneToOne: true;
            referencedRelation: "recipe_steps";
            referencedColumns: ["id"];
          },
        ];
      };
      machine_commands: {
        Row: {
          accepted_at: string | null;
          executing_at: string | null;
          expected_version: number | null;
          id: string;
          kind: string;
          machine_id: string;
          mode: string | null;
          payload: Json;
          reason: string | null;
          recipe_id: string | null;
          refusal: string | null;
          refusal_code: string | null;
          refusal_hint: string | null;
          refusal_status: number | null;
          requested_at: string;
          requested_by: string | null;
          run_id: string | null;
          settled_at: string | null;
          status: string;
        };
        Insert: {
          accepted_at?: string | null;
          executing_at?: string | null;
          expected_version?: number | null;
          id: string;
          kind: string;
          machine_id: string;
          mode?: string | null;
          payload?: Json;
          reason?: string | null;
          recipe_id?: string | null;
          refusal?: string | null;
          refusal_code?: string | null;
          refusal_hint?: string | null;
          refusal_status?: number | null;
          requested_at?: string;
          requested_by?: string | null;
          run_id?: string | null;
          settled_at?: string | null;
          status?: string;
        };
        Update: {
          accepted_at?: string | null;
          executing_at?: string | null;
          expected_version?: number | null;
          id?: string;
          kind?: string;
          machine_id?: string;
          mode?: string | null;
          payload?: Json;
          reason?: string | null;
          recipe_id?: string | null;
          refusal?: string | null;
          refusal_code?: string | null;
          refusal_hint?: string | null;
          refusal_status?: number | null;
          requested_at?: string;
          requested_by?: string | null;
          run_id?: string | null;
          settled_at?: string | null;
          status?: string;
        };
        Relationships: [
          {
            foreignKeyName: "machine_commands_machine_id_fkey";
            columns: ["machine_id"];
            isOneToOne: false;
            referencedRelation: "machines";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "machine_commands_recipe_id_fkey";
            columns: ["recipe_id"];
            isOneToOne: false;
            referencedRelation: "recipes";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "machine_commands_requested_by_fkey";
            columns: ["requested_by"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "machine_commands_run_id_fkey";
            columns: ["run_id"];
            isOneToOne: false;
            referencedRelation: "process_executions";
            referencedColumns: ["id"];
          },
        ];
      };
      machine_components: {
        Row: {
          created_at: string;
          definition_id: string;
          id: string;
          is_activated: boolean;
          is_persistent: boolean;
          machine_id: string;
          name: string;
          type: string;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          definition_id: string;
          id?: string;
          is_activated?: boolean;
          is_persistent?: boolean;
          machine_id: string;
          name: string;
          type: string;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          definition_id?: string;
          id?: string;
          is_activated?: boolean;
          is_persistent?: boolean;
          machine_id?: string;
          name?: string;
          type?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "machine_components_definition_id_fkey";
            columns: ["definition_id"];
            isOneToOne: false;
            referencedRelation: "component_definitions";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "machine_components_machine_id_fkey";
            columns: ["machine_id"];
            isOneToOne: false;
            referencedRelation: "machines";
            referencedColumns: ["id"];
          },
        ];
      };
      machine_leases: {
        Row: {
          acquired_at: string;
          controller: string;
          driver: string;
          expires_at: string;
          fence_token: number;
          is_simulated: boolean;
          machine_id: string;
          renewed_at: string;
        };
        Insert: {
          acquired_at: string;
          controller: string;
          driver: string;
          expires_at: string;
          fence_token: number;
          is_simulated?: boolean;
          machine_id: string;
          renewed_at: string;
        };
        Update: {
          acquired_at?: string;
          controller?: string;
          driver?: string;
          expires_at?: string;
          fence_token?: number;
          is_simulated?: boolean;
          machine_id?: string;
          renewed_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "machine_leases_machine_id_fkey";
            columns: ["machine_id"];
            isOneToOne: true;
            referencedRelation: "machines";
            referencedColumns: ["id"];
          },
        ];
      };
      machine_state: {
        Row: {
          current_state: string;
          failure_component: string | null;
          failure_description: string | null;
          is_failure_mode: boolean;
          machine_id: string;
          process_id: string | null;
          state_since: string;
          updated_at: string;
        };
        Insert: {
          current_state?: string;
          failure_component?: string | null;
          failure_description?: string | null;
          is_failure_mode?: boolean;
          machine_id: string;
          process_id?: string | null;
          state_since?: string;
          updated_at?: string;
        };
        Update: {
          current_state?: string;
          failure_component?: string | null;
          failure_description?: string | null;
          is_failure_mode?: boolean;
          machine_id?: string;
          process_id?: string | null;
          state_since?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "machine_state_failure_component_fkey";
            columns: ["failure_component"];
            isOneToOne: false;
            referencedRelation: "machine_components";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "machine_state_machine_id_fkey";
            columns: ["machine_id"];
            isOneToOne: true;
            referencedRelation: "machines";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "machine_state_process_id_fkey";
            columns: ["process_id"];
            isOneToOne: false;
            referencedRelation: "process_executions";
            referencedColumns: ["id"];
          },
        ];
      };
      machine_watchers: {
        Row: {
          machine_id: string;
          page_id: string;
          person_id: string;
          seen_at: string;
        };
        Insert: {
          machine_id: string;
          page_id: string;
          person_id: string;
          seen_at?: string;
        };
        Update: {
          machine_id?: string;
          page_id?: string;
          person_id?: string;
          seen_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "machine_watchers_machine_id_fkey";
            columns: ["machine_id"];
            isOneToOne: false;
            referencedRelation: "machines";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "machine_watchers_person_id_fkey";
            columns: ["person_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      machines: {
        Row: {
          admin_id: string | null;
          created_at: string;
          current_operator_id: string | null;
          current_process_id: string | null;
          id: string;
          install_date: string | null;
          is_active: boolean;
          is_virtual: boolean;
          lab_institution: string;
          lab_name: string;
          last_maintenance_date: string | null;
          location: string;
          machine_type: string;
          model: string;
          name: string;
          serial_number: string;
          status: string;
          timezone: string;
          updated_at: string;
          version: number;
          virtual_config: Json;
        };
        Insert: {
          admin_id?: string | null;
          created_at?: string;
          current_operator_id?: string | null;
          current_process_id?: string | null;
          id?: string;
          install_date?: string | null;
          is_active?: boolean;
          is_virtual?: boolean;
          lab_institution?: string;
          lab_name?: string;
          last_maintenance_date?: string | null;
          location?: string;
          machine_type?: string;
          model?: string;
          name: string;
          serial_number: string;
          status?: string;
          timezone?: string;
          updated_at?: string;
          version?: number;
          virtual_config?: Json;
        };
        Update: {
          admin_id?: string | null;
          created_at?: string;
          current_operator_id?: string | null;
          current_process_id?: string | null;
          id?: string;
          install_date?: string | null;
          is_active?: boolean;
          is_virtual?: boolean;
          lab_institution?: string;
          lab_name?: string;
          last_maintenance_date?: string | null;
          location?: string;
          machine_type?: string;
          model?: string;
          name?: string;
          serial_number?: string;
          status?: string;
          timezone?: string;
          updated_at?: string;
          version?: number;
          virtual_config?: Json;
        };
        Relationships: [
          {
            foreignKeyName: "machines_admin_id_fkey";
            columns: ["admin_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "machines_current_operator_id_fkey";
            columns: ["current_operator_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "machines_current_process_id_fkey";
            columns: ["current_process_id"];
            isOneToOne: false;
            referencedRelation: "process_executions";
            referencedColumns: ["id"];
          },
        ];
      };
      operator_sessions: {
        Row: {
          created_at: string;
          id: string;
          last_heartbeat: string | null;
          machine_id: string;
          operator_id: string;
          process_execution_id: string | null;
          session_end_time: string | null;
          session_start_time: string;
          session_status: string;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          id?: string;
          last_heartbeat?: string | null;
          machine_id: string;
          operator_id: string;
          process_execution_id?: string | null;
          session_end_time?: string | null;
          session_start_time?: string;
          session_status?: string;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          id?: string;
          last_heartbeat?: string | null;
          machine_id?: string;
          operator_id?: string;
          process_execution_id?: string | null;
          session_end_time?: string | null;
          session_start_time?: string;
          session_status?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "operator_sessions_machine_id_fkey";
            columns: ["machine_id"];
            isOneToOne: false;
            referencedRelation: "machines";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "operator_sessions_operator_id_fkey";
            columns: ["operator_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "operator_sessions_process_execution_id_fkey";
            columns: ["process_execution_id"];
            isOneToOne: false;
            referencedRelation: "process_executions";
            referencedColumns: ["id"];
          },
        ];
      };
      parameter_step_config: {
        Row: {
          adjustment_rate: number;
          created_at: string;
          hold_duration_ms: number;
          id: string;
          parameter_id: string;
          step_id: string;
          target_value: number;
          updated_at: string;
        };
        Insert: {
          adjustment_rate?: number;
          created_at?: string;
          hold_duration_ms?: number;
          id?: string;
          parameter_id: string;
          step_id: string;
          target_value: number;
          updated_at?: string;
        };
        Update: {
          adjustment_rate?: number;
          created_at?: string;
          hold_duration_ms?: number;
          id?: string;
          parameter_id?: string;
          step_id?: string;
          target_value?: number;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "parameter_step_config_parameter_id_fkey";
            columns: ["parameter_id"];
            isOneToOne: false;
            referencedRelation: "component_parameters";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "parameter_step_config_step_id_fkey";
            columns: ["step_id"];
            isOneToOne: true;
            referencedRelation: "recipe_steps";
            referencedColumns: ["id"];
          },
        ];
      };
      process_data_points: {
        Row: {
          created_at: string;
          parameter_id: string;
          process_id: string;
          set_point: number | null;
          timestamp: string;
          value: number;
        };
        Insert: {
          created_at?: string;
          parameter_id: string;
          process_id: string;
          set_point?: number | null;
          timestamp: string;
          value: number;
        };
        Update: {
          created_at?: string;
          parameter_id?: string;
          process_id?: string;
          set_point?: number | null;
          timestamp?: string;
          value?: number;
        };
        Relationships: [
          {
            foreignKeyName: "process_data_points_process_id_fkey";
            columns: ["process_id"];
            isOneToOne: false;
            referencedRelation: "process_executions";
            referencedColumns: ["id"];
          },
        ];
      };
      process_execution_state: {
        Row: {
          created_at: string | null;
          current_loop_count: number | null;
          current_loop_iteration: number | null;
          current_overall_step: number | null;
          current_parameter_id: string | null;
          current_parameter_value: number | null;
          current_purge_duration_ms: number | null;
          current_seq: number;
          current_step: Json | null;
          current_step_index: number | null;
          current_step_name: string | null;
          current_step_type: string | null;
          current_valve_duration_ms: number | null;
          current_valve_number: number | null;
          execution_id: string;
          id: string;
          last_updated: string | null;
          process_metrics: Json | null;
          progress: Json;
          revision: number;
          total_overall_steps: number | null;
        };
        Insert: {
          created_at?: string | null;
          current_loop_count?: number | null;
          current_loop_iteration?: number | null;
          current_overall_step?: number | null;
          current_parameter_id?: string | null;
          current_parameter_value?: number | null;
          current_purge_duration_ms?: number | null;
          current_seq?: number;
          current_step?: Json | null;
          current_step_index?: number | null;
          current_step_name?: string | null;
          current_step_type?: string | null;
          current_valve_duration_ms?: number | null;
          current_valve_number?: number | null;
          execution_id: string;
          id?: string;
          last_updated?: string | null;
          process_metrics?: Json | null;
          progress?: Json;
          revision?: number;
          total_overall_steps?: number | null;
        };
        Update: {
          created_at?: string | null;
          current_loop_count?: number | null;
          current_loop_iteration?: number | null;
          current_overall_step?: number | null;
          current_parameter_id?: string | null;
          current_parameter_value?: number | null;
          current_purge_duration_ms?: number | null;
          current_seq?: number;
          current_step?: Json | null;
          current_step_index?: number | null;
          current_step_name?: string | null;
          current_step_type?: string | null;
          current_valve_duration_ms?: number | null;
          current_valve_number?: number | null;
          execution_id?: string;
          id?: string;
          last_updated?: string | null;
          process_metrics?: Json | null;
          progress?: Json;
          revision?: number;
          total_overall_steps?: number | null;
        };
        Relationships: [
          {
            foreignKeyName: "process_execution_state_current_parameter_id_fkey";
            columns: ["current_parameter_id"];
            isOneToOne: false;
            referencedRelation: "component_parameters";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "process_execution_state_execution_id_fkey";
            columns: ["execution_id"];
            isOneToOne: true;
            referencedRelation: "process_executions";
            referencedColumns: ["id"];
          },
        ];
      };
      process_executions: {
        Row: {
          created_at: string;
          description: string | null;
          deviation_count: number;
          end_reason: string | null;
          end_time: string | null;
          error_message: string | null;
          id: string;
          last_seq: number;
          machine_id: string;
          operator_id: string;
          parameters: Json;
          planned_ms: number | null;
          recipe_id: string;
          recipe_version: Json;
          session_id: string;
          start_time: string;
          status: Database["public"]["Enums"]["process_status"];
          total_cycles: number | null;
          total_steps: number | null;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          description?: string | null;
          deviation_count?: number;
          end_reason?: string | null;
          end_time?: string | null;
          error_message?: string | null;
          id?: string;
          last_seq?: number;
          machine_id: string;
          operator_id: string;
          parameters?: Json;
          planned_ms?: number | null;
          recipe_id: string;
          recipe_version: Json;
          session_id: string;
          start_time?: string;
          status?: Database["public"]["Enums"]["process_status"];
          total_cycles?: number | null;
          total_steps?: number | null;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          description?: string | null;
          deviation_count?: number;
          end_reason?: string | null;
          end_time?: string | null;
          error_message?: string | null;
          id?: string;
          last_seq?: number;
          machine_id?: string;
          operator_id?: string;
          parameters?: Json;
          planned_ms?: number | null;
          recipe_id?: string;
          recipe_version?: Json;
          session_id?: string;
          start_time?: string;
          status?: Database["public"]["Enums"]["process_status"];
          total_cycles?: number | null;
          total_steps?: number | null;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "process_executions_machine_id_fkey";
            columns: ["machine_id"];
            isOneToOne: false;
            referencedRelation: "machines";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "process_executions_operator_id_fkey";
            columns: ["operator_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "process_executions_recipe_id_fkey";
            columns: ["recipe_id"];
            isOneToOne: false;
            referencedRelation: "recipes";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "process_executions_session_id_fkey";
            columns: ["session_id"];
            isOneToOne: false;
            referencedRelation: "operator_sessions";
            referencedColumns: ["id"];
          },
        ];
      };
      profiles: {
        Row: {
          created_at: string;
          email: string | null;
          full_name: string | null;
          id: string;
          role: string;
          status: string;
          updated_at: string;
          username: string | null;
        };
        Insert: {
          created_at?: string;
          email?: string | null;
          full_name?: string | null;
          id: string;
          role?: string;
          status?: string;
          updated_at?: string;
          username?: string | null;
        };
        Update: {
          created_at?: string;
          email?: string | null;
          full_name?: string | null;
          id?: string;
          role?: string;
          status?: string;
          updated_at?: string;
          username?: string | null;
        };
        Relationships: [];
      };
      projects: {
        Row: {
          created_at: string;
          external_id: string | null;
          id: number;
          name: string;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          external_id?: string | null;
          id?: number;
          name: string;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          external_id?: string | null;
          id?: number;
          name?: string;
          updated_at?: string;
        };
        Relationships: [];
      };
      purge_step_config: {
        Row: {
          created_at: string;
          duration_ms: number;
          flow_rate: number;
          gas_type: string;
          id: string;
          step_id: string;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          duration_ms: number;
          flow_rate?: number;
          gas_type?: string;
          id?: string;
          step_id: string;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          duration_ms?: number;
          flow_rate?: number;
          gas_type?: string;
          id?: string;
          step_id?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "purge_step_config_step_id_fkey";
            columns: ["step_id"];
            isOneToOne: true;
            referencedRelation: "recipe_steps";
            referencedColumns: ["id"];
          },
        ];
      };
      recipe_parameters: {
        Row: {
          created_at: string;
          id: string;
          is_critical: boolean;
          max_value: number | null;
          min_value: number | null;
          parameter_name: string;
          parameter_type: string | null;
          parameter_unit: string | null;
          parameter_value: number;
          recipe_id: string;
          tolerance_percentage: number | null;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          id?: string;
          is_critical?: boolean;
          max_value?: number | null;
          min_value?: number | null;
          parameter_name: string;
          parameter_type?: string | null;
          parameter_unit?: string | null;
          parameter_value: number;
          recipe_id: string;
          tolerance_percentage?: number | null;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          id?: string;
          is_critical?: boolean;
          max_value?: number | null;
          min_value?: number | null;
          parameter_name?: string;
          parameter_type?: string | null;
          parameter_unit?: string | null;
          parameter_value?: number;
          recipe_id?: string;
          tolerance_percentage?: number | null;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "recipe_parameters_recipe_id_fkey";
            columns: ["recipe_id"];
            isOneToOne: false;
            referencedRelation: "recipes";
            referencedColumns: ["id"];
          },
        ];
      };
      recipe_steps: {
        Row: {
          created_at: string;
          description: string | null;
          id: string;
          name: string;
          parent_step_id: string | null;
          recipe_id: string;
          sequence_number: number;
          type: string;
        };
        Insert: {
          created_at?: string;
          description?: string | null;
          id?: string;
          name: string;
          parent_step_id?: string | null;
          recipe_id: string;
          sequence_number: number;
          type: string;
        };
        Update: {
          created_at?: string;
          description?: string | null;
          id?: string;
          name?: string;
          parent_step_id?: string | null;
          recipe_id?: string;
          sequence_number?: number;
          type?: string;
        };
        Relationships: [
          {
            foreignKeyName: "recipe_steps_parent_step_id_fkey";
            columns: ["parent_step_id"];
            isOneToOne: false;
            referencedRelation: "recipe_steps";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "recipe_steps_recipe_id_fkey";
            columns: ["recipe_id"];
            isOneToOne: false;
            referencedRelation: "recipes";
            referencedColumns: ["id"];
          },
        ];
      };
      recipe_versions: {
        Row: {
          asked: string | null;
          author_id: string | null;
          created_at: string;
          note: string | null;
          program: Json;
          recipe_id: string;
          version: number;
        };
        Insert: {
          asked?: string | null;
          author_id?: string | null;
          created_at?: string;
          note?: string | null;
          program: Json;
          recipe_id: string;
          version: number;
        };
        Update: {
          asked?: string | null;
          author_id?: string | null;
          created_at?: string;
          note?: string | null;
          program?: Json;
          recipe_id?: string;
          version?: number;
        };
        Relationships: [
          {
            foreignKeyName: "recipe_versions_author_id_fkey";
            columns: ["author_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "recipe_versions_recipe_id_fkey";
            columns: ["recipe_id"];
            isOneToOne: false;
            referencedRelation: "recipes";
            referencedColumns: ["id"];
          },
        ];
      };
      recipes: {
        Row: {
          chamber_temperature_set_point: number;
          created_at: string;
          created_by: string | null;
          description: string | null;
          id: string;
          is_public: boolean;
          machine_type: string;
          name: string;
          pressure_set_point: number;
          substrate: string | null;
          updated_at: string;
          version: number;
        };
        Insert: {
          chamber_temperature_set_point?: number;
          created_at?: string;
          created_by?: string | null;
          description?: string | null;
          id?: string;
          is_public?: boolean;
          machine_type?: string;
          name: string;
          pressure_set_point?: number;
          substrate?: string | null;
          updated_at?: string;
          version?: number;
        };
        Update: {
          chamber_temperature_set_point?: number;
          created_at?: string;
          created_by?: string | null;
          description?: string | null;
          id?: string;
          is_public?: boolean;
          machine_type?: string;
          name?: string;
          pressure_set_point?: number;
          substrate?: string | null;
          updated_at?: string;
          version?: number;
        };
        Relationships: [
          {
            foreignKeyName: "recipes_created_by_fkey";
            columns: ["created_by"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      run_marks: {
        Row: {
          is_good: boolean;
          marked_at: string;
          marked_by: string | null;
          process_id: string;
          reason: string;
        };
        Insert: {
          is_good: boolean;
          marked_at?: string;
          marked_by?: string | null;
          process_id: string;
          reason: string;
        };
        Update: {
          is_good?: boolean;
          marked_at?: string;
          marked_by?: string | null;
          process_id?: string;
          reason?: string;
        };
        Relationships: [
          {
            foreignKeyName: "run_marks_marked_by_fkey";
            columns: ["marked_by"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "run_marks_process_id_fkey";
            columns: ["process_id"];
            isOneToOne: true;
            referencedRelation: "process_executions";
            referencedColumns: ["id"];
          },
        ];
      };
      run_note_versions: {
        Row: {
          at: string | null;
          body: string;
          is_retracted: boolean;
          note_id: string;
          seq: number | null;
          until_at: string | null;
          until_seq: number | null;
          version: number;
          written_at: string;
        };
        Insert: {
          at?: string | null;
          body: string;
          is_retracted: boolean;
          note_id: string;
          seq?: number | null;
          until_at?: string | null;
          until_seq?: number | null;
          version: number;
          written_at?: string;
        };
        Update: {
          at?: string | null;
          body?: string;
          is_retracted?: boolean;
          note_id?: string;
          seq?: number | null;
          until_at?: string | null;
          until_seq?: number | null;
          version?: number;
          written_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "run_note_versions_note_id_fkey";
            columns: ["note_id"];
            isOneToOne: false;
            referencedRelation: "run_notes";
            referencedColumns: ["id"];
          },
        ];
      };
      run_notes: {
        Row: {
          at: string | null;
          author_id: string;
          body: string;
          created_at: string;
          edited_at: string | null;
          id: string;
          is_retracted: boolean;
          process_id: string;
          seq: number | null;
          until_at: string | null;
          until_seq: number | null;
          version: number;
        };
        Insert: {
          at?: string | null;
          author_id?: string;
          body: string;
          created_at?: string;
          edited_at?: string | null;
          id?: string;
          is_retracted?: boolean;
          process_id: string;
          seq?: number | null;
          until_at?: string | null;
          until_seq?: number | null;
          version?: number;
        };
        Update: {
          at?: string | null;
          author_id?: string;
          body?: string;
          created_at?: string;
          edited_at?: string | null;
          id?: string;
          is_retracted?: boolean;
          process_id?: string;
          seq?: number | null;
          until_at?: string | null;
          until_seq?: number | null;
          version?: number;
        };
        Relationships: [
          {
            foreignKeyName: "run_notes_author_id_fkey";
            columns: ["author_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "run_notes_process_id_fkey";
            columns: ["process_id"];
            isOneToOne: false;
            referencedRelation: "process_executions";
            referencedColumns: ["id"];
          },
        ];
      };
      step_execution_history: {
        Row: {
          created_at: string | null;
          cycle: number | null;
          deviation_ms: number | null;
          device_started_at: string | null;
          end_reason: string | null;
          ended_at: string | null;
          id: string;
          is_deviation: boolean | null;
          loop_path: number[];
          measured_ms: number | null;
          parameters: Json;
          planned_ms: number | null;
          process_id: string;
          pulse: Json | null;
          recipe_step_id: string | null;
          seq: number;
          started_at: string;
          step_name: string | null;
          step_number: number | null;
          step_type: string | null;
        };
        Insert: {
          created_at?: string | null;
          cycle?: number | null;
          deviation_ms?: never;
          device_started_at?: string | null;
          end_reason?: string | null;
          ended_at?: string | null;
          id?: string;
          is_deviation?: never;
          loop_path?: number[];
          measured_ms?: number | null;
          parameters?: Json;
          planned_ms?: number | null;
          process_id: string;
          pulse?: Json | null;
          recipe_step_id?: string | null;
          seq: number;
          started_at?: string;
          step_name?: string | null;
          step_number?: number | null;
          step_type?: string | null;
        };
        Update: {
          created_at?: string | null;
          cycle?: number | null;
          deviation_ms?: never;
          device_started_at?: string | null;
          end_reason?: string | null;
          ended_at?: string | null;
          id?: string;
          is_deviation?: never;
          loop_path?: number[];
          measured_ms?: number | null;
          parameters?: Json;
          planned_ms?: number | null;
          process_id?: string;
          pulse?: Json | null;
          recipe_step_id?: string | null;
          seq?: number;
          started_at?: string;
          step_name?: string | null;
          step_number?: number | null;
          step_type?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "step_execution_history_process_id_fkey";
            columns: ["process_id"];
            isOneToOne: false;
            referencedRelation: "process_executions";
            referencedColumns: ["id"];
          },
        ];
      };
      steps: {
        Row: {
          assigned_to: Database["public"]["Enums"]["assigned_to"];
          attempt_count: number | null;
          context_files: Json | null;
          context_snapshot: Json | null;
          created_at: string | null;
          file_path: string | null;
          id: number;
          instructions: string | null;
          last_error: string | null;
          parent_step_id: number | null;
          project_id: number;
          status: Database["public"]["Enums"]["status"];
          step_number: number;
          step_type: Database["public"]["Enums"]["step_type"];
          subtask_id: number;
          updated_at: string | null;
        };
        Insert: {
          assigned_to: Database["public"]["Enums"]["assigned_to"];
          attempt_count?: number | null;
          context_files?: Json | null;
          context_snapshot?: Json | null;
          created_at?: string | null;
          file_path?: string | null;
          id?: number;
          instructions?: string | null;
          last_error?: string | null;
          parent_step_id?: number | null;
          project_id: number;
          status: Database["public"]["Enums"]["status"];
          step_number: number;
          step_type: Database["public"]["Enums"]["step_type"];
          subtask_id: number;
          updated_at?: string | null;
        };
        Update: {
          assigned_to?: Database["public"]["Enums"]["assigned_to"];
          attempt_count?: number | null;
          context_files?: Json | null;
          context_snapshot?: Json | null;
          created_at?: string | null;
          file_path?: string | null;
          id?: number;
          instructions?: string | null;
          last_error?: string | null;
          parent_step_id?: number | null;
          project_id?: number;
          status?: Database["public"]["Enums"]["status"];
          step_number?: number;
          step_type?: Database["public"]["Enums"]["step_type"];
          subtask_id?: number;
          updated_at?: string | null;
        };
        Relationships: [
          {
            foreignKeyName: "steps_parent_step_id_fkey";
            columns: ["parent_step_id"];
            isOneToOne: false;
            referencedRelation: "steps";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "steps_project_id_fkey";
            columns: ["project_id"];
            isOneToOne: false;
            referencedRelation: "projects";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "steps_subtask_id_fkey";
            columns: ["subtask_id"];
            isOneToOne: false;
            referencedRelation: "subtasks";
            referencedColumns: ["id"];
          },
        ];
      };
      subtasks: {
        Row: {
          created_at: string;
          external_id: string | null;
          id: number;
          order_index: number;
          project_id: number;
          stage: Database["public"]["Enums"]["work_stage"];
          status: Database["public"]["Enums"]["status"];
          title: string;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          external_id?: string | null;
          id?: number;
          order_index?: number;
          project_id: number;
          stage?: Database["public"]["Enums"]["work_stage"];
          status?: Database["public"]["Enums"]["status"];
          title: string;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          external_id?: string | null;
          id?: number;
          order_index?: number;
          project_id?: number;
          stage?: Database["public"]["Enums"]["work_stage"];
          status?: Database["public"]["Enums"]["status"];
          title?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "subtasks_project_id_fkey";
            columns: ["project_id"];
            isOneToOne: false;
            referencedRelation: "projects";
            referencedColumns: ["id"];
          },
        ];
      };
      user_machine_assignments: {
        Row: {
          assigned_at: string;
          assigned_by: string | null;
          created_at: string;
          id: string;
          is_active: boolean;
          machine_id: string;
          role: string;
          updated_at: string;
          user_id: string;
        };
        Insert: {
          assigned_at?: string;
          assigned_by?: string | null;
          created_at?: string;
          id?: string;
          is_active?: boolean;
          machine_id: string;
          role?: string;
          updated_at?: string;
          user_id: string;
        };
        Update: {
          assigned_at?: string;
          assigned_by?: string | null;
          created_at?: string;
          id?: string;
          is_active?: boolean;
          machine_id?: string;
          role?: string;
          updated_at?: string;
          user_id?: string;
        };
        Relationships: [
          {
            foreignKeyName: "user_machine_assignments_assigned_by_fkey";
            columns: ["assigned_by"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "user_machine_assignments_machine_id_fkey";
            columns: ["machine_id"];
            isOneToOne: false;
            referencedRelation: "machines";
            referencedColumns: ["id"];
          },
          {
            foreignKeyName: "user_machine_assignments_user_id_fkey";
            columns: ["user_id"];
            isOneToOne: false;
            referencedRelation: "profiles";
            referencedColumns: ["id"];
          },
        ];
      };
      valve_step_config: {
        Row: {
          created_at: string;
          duration_ms: number;
          id: string;
          step_id: string;
          updated_at: string;
          valve_id: string;
          valve_number: number;
        };
        Insert: {
          created_at?: string;
          duration_ms: number;
          id?: string;
          step_id: string;
          updated_at?: string;
          valve_id?: string;
          valve_number: number;
        };
        Update: {
          created_at?: string;
          duration_ms?: number;
          id?: string;
          step_id?: string;
          updated_at?: string;
          valve_id?: string;
          valve_number?: number;
        };
        Relationships: [
          {
            foreignKeyName: "valve_step_config_step_id_fkey";
            columns: ["step_id"];
            isOneToOne: true;
            referencedRelation: "recipe_steps";
            referencedColumns: ["id"];
          },
        ];
      };
      wait_step_config: {
        Row: {
          created_at: string;
          duration_ms: number;
          id: string;
          step_id: string;
          updated_at: string;
        };
        Insert: {
          created_at?: string;
          duration_ms: number;
          id?: string;
          step_id: string;
          updated_at?: string;
        };
        Update: {
          created_at?: string;
          duration_ms?: number;
          id?: string;
          step_id?: string;
          updated_at?: string;
        };
        Relationships: [
          {
            foreignKeyName: "wait_step_config_step_id_fkey";
            columns: ["step_id"];
            isOneToOne: true;
            referencedRelation: "recipe_steps";
            referencedColumns: ["id"];
          },
        ];
      };
    };
    Views: {
      machine_parameters: {
        Row: {
          component_name: string | null;
          component_type: string | null;
          current_value: number | null;
          description: string | null;
          is_writable: boolean | null;
          machine_id: string | null;
          max_value: number | null;
          min_value: number | null;
          name: string | null;
          parameter_id: string | null;
          read_at: string | null;
          set_value: number | null;
          show_in_graph: boolean | null;
          show_in_ui: boolean | null;
          unit: string | null;
          updated_at: string | null;
        };
        Relationships: [];
      };
      runs_overview: {
        Row: {
          description: string | null;
          deviation_count: number | null;
          driver: string | null;
          end_reason: string | null;
          end_time: string | null;
          error_message: string | null;
          is_simulated: boolean | null;
          last_seq: number | null;
          machine_id: string | null;
          machine_name: string | null;
          operator_id: string | null;
          operator_name: string | null;
          planned_ms: number | null;
          recipe_id: string | null;
          recipe_name: string | null;
          recipe_revision: number | null;
          run_id: string | null;
          serial_number: string | null;
          start_time: string | null;
          status: Database["public"]["Enums"]["process_status"] | null;
          total_cycles: number | null;
          total_steps: number | null;
        };
        Relationships: [];
      };
    };
    Functions: {
      accept_command: {
        Args: {
          p_command_id: string;
          p_fence_token: number;
        };
        Returns: Json;
      };
      advance_command: {
        Args: {
          p_command_id: string;
          p_fence_token: number;
          p_status: string;
          p_reason?: string | null;
        };
        Returns: Json;
      };
      atomic_complete_machine_state: {
        Args: {
          p_machine_id: string;
        };
        Returns: Json;
      };
      atomic_error_machine_state: {
        Args: {
          p_machine_id: string;
          p_error_message: string;
        };
        Returns: Json;
      };
      atomic_processing_machine_state: {
        Args: {
          p_machine_id: string;
          p_process_id: string;
        };
        Returns: Json;
      };
      atomic_update_machine_state: {
        Args: {
          p_machine_id: string;
          p_machine_status: string;
          p_current_process_id?: string | null;
          p_machine_state_current_state?: string | null;
          p_machine_state_process_id?: string | null;
          p_is_failure_mode?: boolean;
          p_failure_description?: string | null;
        };
        Returns: Json;
      };
      check_invariants: {
        Args: {
          p_machine_id?: string | null;
        };
        Returns: {
          invariant: string;
          machine_id: string;
          run_id: string;
          detail: string;
        }[];
      };
      claim_machine: {
        Args: {
          p_machine_id: string;
          p_controller: string;
          p_driver: string;
          p_is_simulated: boolean;
          p_ttl_ms?: number;
        };
        Returns: Json;
      };
      clear_machine: {
        Args: {
          p_command_id: string;
          p_machine_id: string;
          p_reason: string;
        };
        Returns: Json;
      };
      compare_runs: {
        Args: {
          p_run_ids: string[];
          p_align?: string;
          p_measure?: string;
          p_points?: number;
        };
        Returns: Json;
      };
      count_runs: {
        Args: {
          p_filter?: Json;
          p_up_to?: number;
        };
        Returns: Json;
      };
      create_step: {
        Args: {
          p_subtask_id: number;
          p_step_type: Database["public"]["Enums"]["step_type"];
          p_assigned_to: Database["public"]["Enums"]["assigned_to"];
          p_instructions?: string | null;
          p_file_path?: string | null;
          p_context_files?: Json;
          p_parent_step_id?: number | null;
          p_step_number?: number | null;
          p_status?: Database["public"]["Enums"]["status"];
        };
        Returns: Json;
      };
      edit_note: {
        Args: {
          p_note_id: string;
          p_version: number;
          p_body: string;
          p_seq?: number | null;
          p_until_seq?: number | null;
          p_at?: string | null;
          p_until_at?: string | null;
        };
        Returns: Json;
      };
      end_process: {
        Args: {
          p_run_id: string;
          p_fence_token: number;
          p_outcome: string;
          p_error_message?: string | null;
          p_last_steps?: Json | null;
        };
        Returns: Json;
      };
      fleet_snapshot: {
        Args: Record<never, never>;
        Returns: Json;
      };
      list_recipes: {
        Args: {
          p_text?: string | null;
          p_limit?: number;
        };
        Returns: Json;
      };
      list_runs: {
        Args: {
          p_filter?: Json;
          p_sort?: string;
          p_is_descending?: boolean;
          p_after?: Json | null;
          p_limit?: number;
        };
        Returns: Json;
      };
      log_choices: {
        Args: Record<never, never>;
        Returns: Json;
      };
      machine_snapshot: {
        Args: {
          p_machine_id: string;
          p_steps?: number;
        };
        Returns: Json;
      };
      mark_run: {
        Args: {
          p_run_id: string;
          p_is_good: boolean;
          p_reason: string;
        };
        Returns: Json;
      };
      note_versions: {
        Args: {
          p_note_id: string;
        };
        Returns: Json;
      };
      notes_of_run: {
        Args: {
          p_run_id: string;
        };
        Returns: Json;
      };
      read_log: {
        Args: {
          p_filter?: Json;
          p_place?: number | null;
          p_is_newer?: boolean;
          p_limit?: number;
        };
        Returns: Json;
      };
      recipe_choices: {
        Args: {
          p_machine_id: string;
        };
        Returns: Json;
      };
      recipe_durations: {
        Args: {
          p_recipe_id: string;
          p_runs?: number;
        };
        Returns: Json;
      };
      recipe_pace: {
        Args: {
          p_recipe_id: string;
        };
        Returns: Json;
      };
      recipe_page: {
        Args: {
          p_recipe_id: string;
        };
        Returns: Json;
      };
      recipe_parts: {
        Args: Record<never, never>;
        Returns: Json;
      };
      recipe_program: {
        Args: {
          p_recipe_id: string;
        };
        Returns: Json;
      };
      recipe_version: {
        Args: {
          p_recipe_id: string;
          p_version: number;
        };
        Returns: Json;
      };
      reconcile_run: {
        Args: {
          p_command_id: string;
          p_run_id: string;
          p_outcome: string;
          p_reason: string;
        };
        Returns: Json;
      };
      record_readings: {
        Args: {
          p_machine_id: string;
          p_fence_token: number;
          p_values: Json;
        };
        Returns: Json;
      };
      record_samples: {
        Args: {
          p_run_id: string;
          p_fence_token: number;
          p_samples: Json;
        };
        Returns: Json;
      };
      record_sign_in: {
        Args: Record<never, never>;
        Returns: Json;
      };
      record_sign_out: {
        Args: Record<never, never>;
        Returns: Json;
      };
      record_step: {
        Args: {
          p_run_id: string;
          p_fence_token: number;
          p_steps: Json;
        };
        Returns: Json;
      };
      release_machine: {
        Args: {
          p_machine_id: string;
          p_fence_token: number;
        };
        Returns: Json;
      };
      renew_lease: {
        Args: {
          p_machine_id: string;
          p_fence_token: number;
          p_ttl_ms?: number;
        };
        Returns: Json;
      };
      request_stop: {
        Args: {
          p_command_id: string;
          p_machine_id: string;
          p_run_id?: string | null;
          p_mode?: string;
          p_reason?: string | null;
        };
        Returns: Json;
      };
      retract_note: {
        Args: {
          p_note_id: string;
          p_version: number;
        };
        Returns: Json;
      };
      run_choices: {
        Args: Record<never, never>;
        Returns: Json;
      };
      run_cycles: {
        Args: {
          p_run_id: string;
          p_from_cycle?: number;
          p_to_cycle?: number | null;
          p_max_rows?: number;
        };
        Returns: Json;
      };
      run_durations: {
        Args: {
          p_run_id: string;
          p_points?: number;
          p_from_ms?: number | null;
          p_to_ms?: number | null;
        };
        Returns: Json;
      };
      run_mass_gain: {
        Args: {
          p_run_id: string;
          p_from_ms?: number | null;
          p_to_ms?: number | null;
          p_buckets?: number;
        };
        Returns: Json;
      };
      run_snapshot: {
        Args: {
          p_run_id: string;
          p_steps?: number;
        };
        Returns: Json;
      };
      run_steps: {
        Args: {
          p_run_id: string;
          p_filter?: Json;
          p_sort?: string;
          p_after_seq?: number;
          p_limit?: number;
          p_is_descending?: boolean;
        };
        Returns: Json;
      };
      run_timeline: {
        Args: {
          p_run_id: string;
          p_from_ms?: number;
          p_to_ms?: number | null;
          p_pixels?: number;
        };
        Returns: Json;
      };
      run_trend: {
        Args: {
          p_run_id: string;
          p_from_ms?: number | null;
          p_to_ms?: number | null;
          p_buckets?: number;
          p_parameters?: string[] | null;
        };
        Returns: Json;
      };
      run_verdict: {
        Args: {
          p_run_id: string;
        };
        Returns: Json;
      };
      save_recipe: {
        Args: {
          p_recipe_id: string;
          p_expected_version: number;
          p_program: Json;
          p_note?: string | null;
          p_expected_program?: string | null;
        };
        Returns: Json;
      };
      start_process: {
        Args: {
          p_command_id: string;
          p_machine_id: string;
          p_recipe_id: string;
          p_expected_version?: number | null;
          p_parameters?: Json;
          p_description?: string | null;
          p_expected_program?: string | null;
        };
        Returns: Json;
      };
      start_review: {
        Args: {
          p_machine_id: string;
          p_recipe_id: string;
        };
        Returns: Json;
      };
      system_report: {
        Args: Record<never, never>;
        Returns: Json;
      };
      watch_machine: {
        Args: {
          p_machine_id: string;
          p_page_id: string;
          p_is_leaving?: boolean;
        };
        Returns: Json;
      };
      workflow_snapshot: {
        Args: Record<never, never>;
        Returns: Json;
      };
      write_note: {
        Args: {
          p_note_id: string;
          p_run_id: string;
          p_body: string;
          p_seq?: number | null;
          p_until_seq?: number | null;
          p_at?: string | null;
          p_until_at?: string | null;
        };
        Returns: Json;
      };
    };
    Enums: {
      assigned_to: "TaraAider" | "DevonAider";
      process_status: "preparing" | "running" | "paused" | "completed" | "failed" | "aborted";
      status: "pending" | "in_progress" | "completed" | "failed";
      step_type: "implementation" | "test";
      work_stage: "pending" | "analysis" | "unit_testing" | "unit_implementation" | "integration_testing" | "integration_implementation" | "review" | "completed";
    };
    CompositeTypes: Record<never, never>;
  };
};
