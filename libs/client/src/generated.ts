// Generated from the routes of services/definitions-api by tools/client/generate.ts: change those.

export interface paths {
    "/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List workflows, the newest first
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["listWorkflows"];
        put?: never;
        /**
         * Create a workflow
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        post: operations["createWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a workflow
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["getWorkflow"];
        /**
         * Replace a workflow: children with an id keep it, absent ones are removed
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        put: operations["replaceWorkflow"];
        post?: never;
        /**
         * Delete a workflow with its instances and history
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        delete: operations["deleteWorkflow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/enable": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Switch a workflow on or off
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        patch: operations["enableWorkflow"];
        trace?: never;
    };
    "/workflows/{workflowId}/triggers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the triggers of a workflow, in the order in which they are asked
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["listWorkflowTriggers"];
        put?: never;
        /**
         * Add a trigger to a workflow
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        post: operations["createWorkflowTrigger"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/triggers/{triggerId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a trigger
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["getWorkflowTrigger"];
        /**
         * Replace a trigger
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        put: operations["replaceWorkflowTrigger"];
        post?: never;
        /**
         * Remove a trigger
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        delete: operations["deleteWorkflowTrigger"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/actions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the actions of a workflow by order, those in arms too
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["listWorkflowActions"];
        put?: never;
        /**
         * Add an action to a workflow, or to an arm of one of its actions by parent_id and arm
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        post: operations["createWorkflowAction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/actions/{actionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an action
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["getWorkflowAction"];
        /**
         * Replace an action; its place stays, as do the actions of an arm for which none are given
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        put: operations["replaceWorkflowAction"];
        post?: never;
        /**
         * Remove an action with those in its arms
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        delete: operations["deleteWorkflowAction"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start an instance of a workflow
         * @description Least role: operator. Scope of an API key: `workflows:write`.
         */
        post: operations["triggerWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/evaluate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask a workflow’s triggers about an event, without starting anything
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        post: operations["evaluateWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a workflow, the newest first
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["listWorkflowVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a version of a workflow
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["getWorkflowVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/versions/{version}/diff": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Compare a version with another, by default the one before it
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["getWorkflowVersionDiff"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a workflow what it was at a version, as a new version; whether it is enabled stays
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        post: operations["restoreWorkflowVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/clone": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Copy a workflow; the copy is disabled unless asked for otherwise
         * @description Least role: editor. Scope of an API key: `workflows:write`.
         */
        post: operations["cloneWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflow-templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List templates by name, built-in ones too
         * @description Least role: viewer. Scope of an API key: `workflow-templates:read`.
         */
        get: operations["listWorkflowTemplates"];
        put?: never;
        /**
         * Create a template
         * @description Least role: editor. Scope of an API key: `workflow-templates:write`.
         */
        post: operations["createWorkflowTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflow-templates/{templateId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a template
         * @description Least role: viewer. Scope of an API key: `workflow-templates:read`.
         */
        get: operations["getWorkflowTemplate"];
        /**
         * Replace a template of the tenant’s own
         * @description Least role: editor. Scope of an API key: `workflow-templates:write`.
         */
        put: operations["replaceWorkflowTemplate"];
        post?: never;
        /**
         * Delete a template of the tenant’s own; workflows made from it stay
         * @description Least role: editor. Scope of an API key: `workflow-templates:write`.
         */
        delete: operations["deleteWorkflowTemplate"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflow-templates/{templateId}/instantiate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a workflow from a template; it is disabled until someone has looked at it
         * @description Least role: editor. Scope of an API key: `workflow-templates:write`.
         */
        post: operations["instantiateWorkflowTemplate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the instances of all workflows, the newest first
         * @description Least role: viewer. Scope of an API key: `instances:read`.
         */
        get: operations["listInstances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/instances/{instanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an instance of any workflow or scheduled task
         * @description Least role: viewer. Scope of an API key: `instances:read`.
         */
        get: operations["getInstance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/instances": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the instances of a workflow, the newest first
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["listWorkflowInstances"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/instances/{instanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read an instance with what became of its actions
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["getWorkflowInstance"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/instances/{instanceId}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the execution log of an instance, from its first entry on
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["listWorkflowInstanceLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/instances/{instanceId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an instance that has not ended
         * @description Least role: operator. Scope of an API key: `workflows:write`.
         */
        post: operations["cancelWorkflowInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/instances/{instanceId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a failed instance from the action that failed
         * @description Least role: operator. Scope of an API key: `workflows:write`.
         */
        post: operations["retryWorkflowInstance"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the tenant's instances by status, by workflow and over time
         * @description Least role: viewer. Scope of an API key: `stats:read`.
         */
        get: operations["getStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/workflows/{workflowId}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the instances of a workflow by status, version and over time, and how its actions go
         * @description Least role: viewer. Scope of an API key: `workflows:read`.
         */
        get: operations["getWorkflowStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduled-tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List scheduled tasks, the newest first
         * @description Least role: viewer. Scope of an API key: `scheduled-tasks:read`.
         */
        get: operations["listScheduledTasks"];
        put?: never;
        /**
         * Create a scheduled task
         * @description Least role: editor. Scope of an API key: `scheduled-tasks:write`.
         */
        post: operations["createScheduledTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduled-tasks/{taskId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a scheduled task
         * @description Least role: viewer. Scope of an API key: `scheduled-tasks:read`.
         */
        get: operations["getScheduledTask"];
        /**
         * Replace a scheduled task; what was due before is not run again
         * @description Least role: editor. Scope of an API key: `scheduled-tasks:write`.
         */
        put: operations["replaceScheduledTask"];
        post?: never;
        /**
         * Delete a scheduled task with its history
         * @description Least role: editor. Scope of an API key: `scheduled-tasks:write`.
         */
        delete: operations["deleteScheduledTask"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduled-tasks/{taskId}/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what became of a task’s occurrences, the last due first
         * @description Least role: viewer. Scope of an API key: `scheduled-tasks:read`.
         */
        get: operations["listScheduledTaskExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduled-tasks/{taskId}/executions/{instanceId}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel a run of a task that has not ended
         * @description Least role: operator. Scope of an API key: `scheduled-tasks:write`.
         */
        post: operations["cancelScheduledTaskExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduled-tasks/{taskId}/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Say when a task is due next, whether or not it is enabled
         * @description Least role: viewer. Scope of an API key: `scheduled-tasks:read`.
         */
        get: operations["getScheduledTaskPreview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/scheduled-tasks/{taskId}/run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a task now, beside its schedule
         * @description Least role: operator. Scope of an API key: `scheduled-tasks:write`.
         */
        post: operations["runScheduledTask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send one event, or a list of at most 1,000 of which each gets its own result
         * @description Least role: operator. Scope of an API key: `events:write`.
         */
        post: operations["createEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the names and hosts of secrets
         * @description Least role: editor. Scope of an API key: `secrets:read`.
         */
        get: operations["listSecrets"];
        put?: never;
        /**
         * Keep a secret; its value can be replaced, not read
         * @description Least role: admin. Scope of an API key: `secrets:write`.
         */
        post: operations["createSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/secrets/{secretName}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what is known of a secret, but its value
         * @description Least role: editor. Scope of an API key: `secrets:read`.
         */
        get: operations["getSecret"];
        /**
         * Replace a secret’s value and hosts
         * @description Least role: admin. Scope of an API key: `secrets:write`.
         */
        put: operations["replaceSecret"];
        post?: never;
        /**
         * Delete a secret; actions that use it fail from then on
         * @description Least role: admin. Scope of an API key: `secrets:write`.
         */
        delete: operations["deleteSecret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys, the newest first; revoked ones stay
         * @description Least role: admin. Scope of an API key: `api-keys:read`.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Create an API key; its text is shown in this answer only
         * @description Least role: admin. Scope of an API key: `api-keys:write`.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api-keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what is known of an API key
         * @description Least role: admin. Scope of an API key: `api-keys:read`.
         */
        get: operations["getApiKey"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key, at once and for good
         * @description Least role: admin. Scope of an API key: `api-keys:write`.
         */
        delete: operations["deleteApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/tenant-settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the tenant’s settings
         * @description Least role: viewer. Scope of an API key: `tenant-settings:read`.
         */
        get: operations["getTenantSettings"];
        /**
         * Replace the tenant’s settings; what is not named goes back to its default
         * @description Least role: admin. Scope of an API key: `tenant-settings:write`.
         */
        put: operations["replaceTenantSettings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List changes, the newest first: who made them, what was before and after
         * @description Least role: admin. Scope of an API key: `audit:read`.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/audit/{entryId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read one change
         * @description Least role: admin. Scope of an API key: `audit:read`.
         */
        get: operations["getAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Problem: {
            type: string;
            title: string;
            status: number;
            code: string;
            detail: string;
            errors?: {
                path: string;
                code: string;
                message: string;
            }[];
            request_id: string;
        };
        WorkflowRequest: {
            name: string;
            description?: string | null;
            /** @default true */
            enabled?: boolean;
            /**
             * @default finish
             * @enum {string}
             */
            on_disable?: "finish" | "cancel";
            /**
             * @default always
             * @enum {string}
             */
            re_entry?: "always" | "while_inactive" | "once";
            cooldown_seconds?: number | null;
            triggers?: components["schemas"]["TriggerRequest"][];
            actions?: components["schemas"]["ActionRequest"][];
        };
        TriggerRequest: {
            id?: number;
            /** @enum {string} */
            trigger_type: "lead_created" | "lead_scored" | "task_completed" | "custom" | "workflow_completed";
            /** @default {} */
            trigger_config?: components["schemas"]["TriggerConfig"];
            conditions?: components["schemas"]["Conditions"] | null;
        };
        ActionRequest: {
            id?: number;
            name?: string;
            /** @enum {string} */
            action_type: "send_email" | "send_sms" | "create_task" | "update_lead" | "send_notification" | "add_tag" | "remove_tag" | "http_request" | "emit_event" | "start_workflow" | "branch" | "split" | "delay" | "wait_for_event" | "set_variable" | "exit";
            /** @default {} */
            action_config?: components["schemas"]["ActionConfig"];
            order?: number;
            /** @default 0 */
            delay_seconds?: number;
            conditions?: components["schemas"]["Conditions"] | null;
            retry_policy?: {
                max_attempts?: number;
                initial_interval_seconds?: number;
                backoff_coefficient?: number;
                max_interval_seconds?: number;
                jitter?: ("full" | "none") | boolean;
            } | null;
            timeout_seconds?: number | null;
            /**
             * @default fail
             * @enum {string}
             */
            on_error?: "fail" | "continue";
            /** @default false */
            at_most_once?: boolean;
        };
        Workflow: {
            id: number;
            version: number;
            name: string;
            description: string | null;
            enabled: boolean;
            /** @enum {string} */
            on_disable: "finish" | "cancel";
            /** @enum {string} */
            re_entry: "always" | "while_inactive" | "once";
            cooldown_seconds: number | null;
            triggers: components["schemas"]["Trigger"][];
            actions: components["schemas"]["Action"][];
            created_by: string | null;
            published_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            warnings?: {
                path: string;
                code: string;
                message: string;
            }[];
        };
        Trigger: {
            id: number;
            trigger_type: string;
            trigger_config: {
                [key: string]: unknown;
            };
            conditions: components["schemas"]["Conditions"] | null;
        };
        Conditions: components["schemas"]["ConditionTree"] | components["schemas"]["ConditionTree"][];
        ConditionTree: {
            all: components["schemas"]["ConditionTree"][];
        } | {
            any: components["schemas"]["ConditionTree"][];
        } | {
            not: components["schemas"]["ConditionTree"];
        } | {
            field: string;
            /** @enum {string} */
            operator: "equals" | "not_equals" | "greater_than" | "greater_than_or_equal" | "less_than" | "less_than_or_equal" | "between" | "in" | "not_in" | "contains" | "not_contains" | "starts_with" | "ends_with" | "matches" | "exists" | "not_exists" | "is_empty" | "is_not_empty" | "is_true" | "is_false" | "contains_any" | "contains_all" | "contains_none" | "before" | "after" | "within_last" | "more_than_ago" | "within_next" | "changed" | "changed_to" | "changed_from" | "increased" | "decreased" | "crossed_above" | "crossed_below";
            value?: unknown;
            case_sensitive?: boolean;
        };
        Action: {
            id: number;
            name: string;
            action_type: string;
            action_config: {
                [key: string]: unknown;
            };
            order: number;
            delay_seconds: number;
            conditions: components["schemas"]["Conditions"] | null;
            retry_policy: {
                max_attempts?: number;
                initial_interval_seconds?: number;
                backoff_coefficient?: number;
                max_interval_seconds?: number;
                /** @enum {string} */
                jitter?: "full" | "none";
            } | null;
            timeout_seconds: number | null;
            /** @enum {string} */
            on_error: "fail" | "continue";
            at_most_once: boolean;
        };
        Instance: {
            id: string;
            workflow_id: number | null;
            workflow_version: number | null;
            scheduled_task_id: number | null;
            scheduled_for: string | null;
            /** @enum {string} */
            status: "pending" | "running" | "completed" | "failed" | "cancelled";
            progress: number;
            executed_actions: number;
            failed_actions: number;
            entity_type: string;
            entity_id: string;
            triggered_by: string;
            triggered_by_value: string;
            waiting_for: string | null;
            wake_at: string | null;
            row_version: number;
            started_at: string | null;
            completed_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        TriggerEvaluation: {
            trigger_id: number;
            trigger_type: string;
            listens: boolean;
            /** @enum {string} */
            verdict: "true" | "false" | "unknown";
            matches: boolean;
            conditions: {
                path: string;
                field: string;
                operator: string;
                value: unknown;
                seen: unknown;
                /** @enum {string} */
                verdict: "true" | "false" | "unknown";
            }[];
        };
        WorkflowTemplateRequest: {
            name: string;
            description?: string | null;
            /** @enum {string} */
            category: "sales" | "support" | "onboarding" | "operations";
            /** @default false */
            is_public?: boolean;
            /** @default [] */
            parameters?: {
                name: string;
                /** @enum {string} */
                type: "text" | "number" | "integer" | "boolean" | "email" | "phone" | "duration" | "timezone" | "choice" | "workflow";
                label?: string;
                description?: string;
                /** @default true */
                required?: boolean;
                default?: string | number | boolean;
                options?: string[];
                min?: number;
                max?: number;
            }[];
            definition: {
                [key: string]: unknown;
            };
        };
        WorkflowTemplate: {
            id: number;
            name: string;
            description: string | null;
            /** @enum {string} */
            category: "sales" | "support" | "onboarding" | "operations";
            is_public: boolean;
            is_built_in: boolean;
            parameters: {
                name: string;
                /** @enum {string} */
                type: "text" | "number" | "integer" | "boolean" | "email" | "phone" | "duration" | "timezone" | "choice" | "workflow";
                label?: string;
                description?: string;
                /** @default true */
                required: boolean;
                default?: string | number | boolean;
                options?: string[];
                min?: number;
                max?: number;
            }[];
            definition: {
                [key: string]: unknown;
            };
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        InstanceDetail: {
            id: string;
            workflow_id: number | null;
            workflow_version: number | null;
            scheduled_task_id: number | null;
            scheduled_for: string | null;
            /** @enum {string} */
            status: "pending" | "running" | "completed" | "failed" | "cancelled";
            progress: number;
            executed_actions: number;
            failed_actions: number;
            entity_type: string;
            entity_id: string;
            triggered_by: string;
            triggered_by_value: string;
            waiting_for: string | null;
            wake_at: string | null;
            row_version: number;
            started_at: string | null;
            completed_at: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
            action_executions: components["schemas"]["ActionExecution"][];
        };
        ActionExecution: {
            action_id: number | null;
            action_name: string;
            action_type: string;
            status: string;
            attempts: number;
            retry_count: number;
            input: unknown | null;
            result: unknown | null;
            error_code: string | null;
            error_message: string | null;
            skip_reason: string | null;
            started_at: string | null;
            completed_at: string | null;
            duration_ms: number | null;
        };
        TenantStats: {
            total: number;
            by_status: {
                pending: number;
                running: number;
                completed: number;
                failed: number;
                cancelled: number;
            };
            success_rate: number | null;
            failure_rate: number | null;
            /** @enum {string} */
            interval: "hour" | "day";
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            series: {
                /** Format: date-time */
                at: string;
                started: number;
                completed: number;
                failed: number;
                cancelled: number;
            }[];
            workflows: {
                workflow_id: number;
                name: string;
                started: number;
                completed: number;
                failed: number;
                cancelled: number;
                success_rate: number | null;
                failure_rate: number | null;
            }[];
        };
        WorkflowStats: {
            workflow_id: number;
            total: number;
            by_status: {
                pending: number;
                running: number;
                completed: number;
                failed: number;
                cancelled: number;
            };
            success_rate: number | null;
            failure_rate: number | null;
            /** @enum {string} */
            interval: "hour" | "day";
            /** Format: date-time */
            from: string;
            /** Format: date-time */
            to: string;
            series: {
                /** Format: date-time */
                at: string;
                started: number;
                completed: number;
                failed: number;
                cancelled: number;
            }[];
            duration_ms: {
                count: number;
                mean: number | null;
                p50: number | null;
                p95: number | null;
            };
            versions: {
                version: number;
                started: number;
                completed: number;
                failed: number;
                cancelled: number;
                success_rate: number | null;
                failure_rate: number | null;
                duration_ms: {
                    count: number;
                    mean: number | null;
                    p50: number | null;
                    p95: number | null;
                };
            }[];
            actions: components["schemas"]["ActionStats"][];
        };
        ActionStats: {
            action_id: number;
            action_name: string;
            action_type: string;
            executed: number;
            completed: number;
            failed: number;
            unknown: number;
            skipped: number;
            cancelled: number;
            retried: number;
            duration_ms: {
                count: number;
                mean: number | null;
                p50: number | null;
                p95: number | null;
            };
            arms: {
                name: string;
                taken: number;
                share: number | null;
            }[];
        };
        ScheduledTaskRequest: {
            name: string;
            /** @enum {string} */
            type: "workflow" | "action" | "report" | "cleanup";
            config: Record<string, never> | string;
            schedule: string;
            /** @default UTC */
            timezone?: string;
            /** @default true */
            enabled?: boolean;
            /**
             * @default skip
             * @enum {string}
             */
            overlap_policy?: "skip" | "allow";
            /**
             * @default skip
             * @enum {string}
             */
            misfire_policy?: "skip" | "fire_once" | "fire_all";
            misfire_max?: number | null;
            /** @default 86400 */
            catch_up_window_seconds?: number;
            /** @default 0 */
            jitter_seconds?: number;
            start_at?: string | null;
            end_at?: string | null;
            /** @default 0 */
            max_retries?: number;
            /** @default 60 */
            retry_delay_seconds?: number;
            dst?: {
                /** @enum {string} */
                gap?: "shift" | "skip";
                /** @enum {string} */
                overlap?: "first" | "last" | "both";
            } | null;
        };
        ScheduledTask: {
            id: number;
            name: string;
            type: string;
            config: {
                [key: string]: unknown;
            };
            schedule: string;
            timezone: string;
            enabled: boolean;
            revision: number;
            /** @enum {string} */
            overlap_policy: "skip" | "allow";
            /** @enum {string} */
            misfire_policy: "skip" | "fire_once" | "fire_all";
            misfire_max: number | null;
            catch_up_window_seconds: number;
            jitter_seconds: number;
            start_at: string | null;
            end_at: string | null;
            max_retries: number;
            retry_delay_seconds: number;
            dst: {
                /** @enum {string} */
                gap?: "shift" | "skip";
                /** @enum {string} */
                overlap?: "first" | "last" | "both";
            } | null;
            state: string;
            state_reason: string | null;
            last_run_at: string | null;
            next_run_at: string | null;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        Event: {
            /** @constant */
            event_type: "lead_created";
            event_id?: string;
            occurred_at?: string;
            /** @default api */
            source?: string;
            /** @default null */
            bulk_id?: string | null;
            /** @default null */
            causation?: {
                root_event_id: string;
                depth: number;
                workflow_ids: number[];
            } | null;
            /**
             * @default lead
             * @constant
             */
            entity_type?: "lead";
            entity_id?: string | number;
            data: {
                lead_id: string | number;
                first_name?: string | null;
                last_name?: string | null;
                email?: string | null;
                phone?: string | null;
                company?: string | null;
                lead_status?: string | null;
                lead_score?: number | null;
                source?: string | null;
                owner_id?: (string | number) | null;
                tags?: string[];
                custom?: {
                    [key: string]: unknown;
                };
            };
            previous?: {
                lead_id?: string | number;
                first_name?: string | null;
                last_name?: string | null;
                email?: string | null;
                phone?: string | null;
                company?: string | null;
                lead_status?: string | null;
                lead_score?: number | null;
                source?: string | null;
                owner_id?: (string | number) | null;
                tags?: string[];
                custom?: {
                    [key: string]: unknown;
                };
            } | null;
        } | {
            /** @constant */
            event_type: "lead_scored";
            event_id?: string;
            occurred_at?: string;
            /** @default api */
            source?: string;
            /** @default null */
            bulk_id?: string | null;
            /** @default null */
            causation?: {
                root_event_id: string;
                depth: number;
                workflow_ids: number[];
            } | null;
            /**
             * @default lead
             * @constant
             */
            entity_type?: "lead";
            entity_id?: string | number;
            data: {
                lead_id: string | number;
                first_name?: string | null;
                last_name?: string | null;
                email?: string | null;
                phone?: string | null;
                company?: string | null;
                lead_status?: string | null;
                lead_score?: number | null;
                source?: string | null;
                owner_id?: (string | number) | null;
                tags?: string[];
                custom?: {
                    [key: string]: unknown;
                };
            };
            previous?: {
                lead_id?: string | number;
                first_name?: string | null;
                last_name?: string | null;
                email?: string | null;
                phone?: string | null;
                company?: string | null;
                lead_status?: string | null;
                lead_score?: number | null;
                source?: string | null;
                owner_id?: (string | number) | null;
                tags?: string[];
                custom?: {
                    [key: string]: unknown;
                };
            } | null;
        } | {
            /** @constant */
            event_type: "task_completed";
            event_id?: string;
            occurred_at?: string;
            /** @default api */
            source?: string;
            /** @default null */
            bulk_id?: string | null;
            /** @default null */
            causation?: {
                root_event_id: string;
                depth: number;
                workflow_ids: number[];
            } | null;
            /**
             * @default lead
             * @constant
             */
            entity_type?: "lead";
            entity_id?: string | number;
            data: {
                task_id: string | number;
                lead_id: string | number;
                title?: string | null;
                task_type?: string | null;
                outcome?: string | null;
                assigned_to_id?: (string | number) | null;
                completed_at?: string | null;
                lead?: {
                    lead_id: string | number;
                    first_name?: string | null;
                    last_name?: string | null;
                    email?: string | null;
                    phone?: string | null;
                    company?: string | null;
                    lead_status?: string | null;
                    lead_score?: number | null;
                    source?: string | null;
                    owner_id?: (string | number) | null;
                    tags?: string[];
                    custom?: {
                        [key: string]: unknown;
                    };
                } | null;
            };
            previous?: {
                task_id?: string | number;
                lead_id?: string | number;
                title?: string | null;
                task_type?: string | null;
                outcome?: string | null;
                assigned_to_id?: (string | number) | null;
                completed_at?: string | null;
                lead?: {
                    lead_id: string | number;
                    first_name?: string | null;
                    last_name?: string | null;
                    email?: string | null;
                    phone?: string | null;
                    company?: string | null;
                    lead_status?: string | null;
                    lead_score?: number | null;
                    source?: string | null;
                    owner_id?: (string | number) | null;
                    tags?: string[];
                    custom?: {
                        [key: string]: unknown;
                    };
                } | null;
            } | null;
        } | {
            event_type: string;
            event_id?: string;
            occurred_at?: string;
            /** @default api */
            source?: string;
            /** @default null */
            bulk_id?: string | null;
            /** @default null */
            causation?: {
                root_event_id: string;
                depth: number;
                workflow_ids: number[];
            } | null;
            entity_type: string;
            entity_id: string | number;
            /** @default {} */
            data?: {
                [key: string]: unknown;
            };
            /** @default null */
            previous?: {
                [key: string]: unknown;
            } | null;
        };
        SecretRequest: {
            name: string;
            value: string;
            hosts: string[];
        };
        Secret: {
            name: string;
            hosts: string[];
            version: number;
            created_by: string | null;
            updated_by: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        SecretReplacement: {
            value: string;
            hosts: string[];
        };
        ApiKeyRequest: {
            name: string;
            /** @enum {string} */
            role: "viewer" | "editor" | "operator" | "admin";
            /** @default null */
            scopes?: ("workflows:read" | "workflows:write" | "instances:read" | "instances:write" | "scheduled-tasks:read" | "scheduled-tasks:write" | "workflow-templates:read" | "workflow-templates:write" | "events:read" | "events:write" | "stats:read" | "stats:write" | "secrets:read" | "secrets:write" | "api-keys:read" | "api-keys:write" | "tenant-settings:read" | "tenant-settings:write" | "audit:read" | "audit:write")[] | null;
            /** @default null */
            expires_at?: string | null;
        };
        NewApiKey: {
            id: number;
            name: string;
            prefix: string;
            /** @enum {string} */
            role: "viewer" | "editor" | "operator" | "admin";
            scopes: string[] | null;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            expires_at: string | null;
            revoked_at: string | null;
            last_used_at: string | null;
            key: string | null;
        };
        ApiKey: {
            id: number;
            name: string;
            prefix: string;
            /** @enum {string} */
            role: "viewer" | "editor" | "operator" | "admin";
            scopes: string[] | null;
            created_by: string | null;
            /** Format: date-time */
            created_at: string;
            expires_at: string | null;
            revoked_at: string | null;
            last_used_at: string | null;
        };
        TenantSettings: {
            timezone: string;
            senders: {
                address: string;
                name: string | null;
            }[];
            redaction: {
                fields: string[];
                actions: boolean;
            };
            retention: {
                completed_days: number | null;
                failed_days: number | null;
                cancelled_days: number | null;
            };
            limits: {
                [key: string]: number;
            };
            version: number;
            updated_by: string | null;
            updated_at: string | null;
        };
        TenantSettingsRequest: {
            /** @default UTC */
            timezone?: string;
            senders?: {
                address: string;
                /** @default null */
                name?: string | null;
            }[];
            /** @default {} */
            redaction?: {
                /** @default [] */
                fields?: string[];
                /** @default true */
                actions?: boolean;
            };
            /** @default {} */
            retention?: {
                /** @default null */
                completed_days?: number | null;
                /** @default null */
                failed_days?: number | null;
                /** @default null */
                cancelled_days?: number | null;
            };
            /** @default {} */
            limits?: {
                /** @default 10000 */
                workflows?: number;
                /** @default 100 */
                actions_per_workflow?: number;
                /** @default 1000 */
                events_per_second?: number;
                /** @default 200 */
                concurrent_actions?: number;
                /** @default 10000 */
                emails_per_day?: number;
                /** @default 1000 */
                texts_per_day?: number;
                /** @default 262144 */
                definition_bytes?: number;
            };
        };
        AuditEntry: {
            id: number;
            action: string;
            resource_type: string;
            resource_id: string | null;
            path: string;
            user_id: string | null;
            role: string;
            authenticated_by: string;
            request_id: string;
            /** Format: date-time */
            created_at: string;
            before: unknown;
            after: unknown;
            states_omitted: boolean;
        };
        /**
         * @description Sends an e-mail over SMTP.
         * @example {
         *       "to": "{{ lead.email }}",
         *       "subject": "Welcome, {{ lead.first_name | default: \"there\" }}",
         *       "text": "Good to have you."
         *     }
         */
        SendEmailConfig: {
            /** @description One address or a list; to, cc and bcc hold at most 50 in all. Without one once rendered the action is skipped (no_address). */
            to: string | string[];
            /** @description One address or a list. */
            cc?: string | string[];
            /** @description One address or a list; not shown to the others. */
            bcc?: string | string[];
            /** @description One line. */
            subject: string;
            /** @description The plain text. Text or html is required. */
            text?: string;
            /** @description The HTML. Values of templates are escaped unless `| raw`. */
            html?: string;
            /** @description One address. */
            reply_to?: string;
            /** @description One of the tenant's senders; default: the operator's. */
            from?: string;
            /** @description Files in base64: filename, content_type, content; at most 128 KB together. */
            attachments?: {
                filename: string;
                content_type?: string;
                content: string;
            }[];
        };
        /**
         * @description Sends a text message through the operator's SMS provider.
         * @example {
         *       "to": "{{ lead.phone }}",
         *       "body": "Your appointment is confirmed."
         *     }
         */
        SendSmsConfig: {
            /** @description A number in E.164 form, such as +4930123456. Without one once rendered the action is skipped (no_address). */
            to: string;
            /** @description At most 1,600 characters. */
            body: string;
        };
        /**
         * @description Creates a task in the CRM.
         * @example {
         *       "title": "Follow up",
         *       "assigned_to_id": 1,
         *       "due_in": "P1D"
         *     }
         */
        CreateTaskConfig: {
            /** @description One line of at most 255 characters. */
            title: string;
            /** @description What is to be done. */
            description?: string | null;
            /** @description A user's id; a number is taken as its text. */
            assigned_to_id?: (string | number) | null;
            /** @description How long after the action it is due: an ISO 8601 duration such as P2D, or seconds. */
            due_in?: (number | string) | null;
            /** @description One of the CRM's own priorities. */
            priority?: string | null;
            /** @description The lead that it is about; default: the event's. */
            lead_id?: (string | number) | null;
        };
        /**
         * @description Sets fields of a lead. Null empties a field; what isn't named stays.
         * @example {
         *       "fields": {
         *         "lead_status": "qualified",
         *         "lead_score": "{{ lead.lead_score | plus: 10 }}"
         *       }
         *     }
         */
        UpdateLeadConfig: {
            /** @description Default: the event's lead. */
            lead_id?: string | number;
            /** @description An object of field names and values, at most 100. */
            fields: {
                [key: string]: unknown;
            };
        };
        /**
         * @description Notifies a user, or all users of a role, inside the CRM.
         * @example {
         *       "user_id": "{{ lead.owner_id }}",
         *       "title": "Hot lead: {{ lead.first_name }}"
         *     }
         */
        SendNotificationConfig: {
            /** @description A user's id; a number is taken as its text. Either this or role. */
            user_id?: string | number;
            /** @description A role: everyone who has it is notified. */
            role?: string;
            /** @description One line of at most 255 characters. */
            title: string;
            /** @description The text. */
            body?: string | null;
            /** @description Where a click leads. */
            link?: string | null;
        };
        /**
         * @description Puts a tag on a lead; one that it has already stays.
         * @example {
         *       "tag": "hot"
         *     }
         */
        AddTagConfig: {
            /** @description Default: the event's lead. */
            lead_id?: string | number;
            /** @description One line of at most 128 characters. */
            tag: string;
        };
        /**
         * @description Takes a tag off a lead; one that it lacks is no fault.
         * @example {
         *       "tag": "hot"
         *     }
         */
        RemoveTagConfig: {
            /** @description Default: the event's lead. */
            lead_id?: string | number;
            /** @description One line of at most 128 characters. */
            tag: string;
        };
        /**
         * @description Calls an HTTP endpoint, signed by Standard Webhooks. Private and otherwise special addresses are refused.
         * @example {
         *       "url": "https://example.com/hooks/leads/{{ lead.lead_id }}",
         *       "body": {
         *         "score": "{{ lead.lead_score }}"
         *       }
         *     }
         */
        HttpRequestConfig: {
            /**
             * @description GET, POST (the default), PUT, PATCH, DELETE or HEAD.
             * @default POST
             * @enum {string}
             */
            method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD";
            /** @description http or https; values of templates are percent-encoded and can form neither scheme nor host. */
            url: string;
            /** @description Names and values of one line each; `{{ secrets.name }}` is a secret, sent to the hosts named with it. */
            headers?: {
                [key: string]: string;
            };
            /** @description A text is sent as it is; any other value as JSON. `{{ secrets.name }}` as in headers. */
            body?: unknown;
            /** @description Statuses that count as success; default: 200 to 299. */
            expected_statuses?: number[];
        };
        /**
         * @description Publishes a custom event about the same entity, which may start other workflows.
         * @example {
         *       "event_name": "lead.qualified",
         *       "data": {
         *         "score": "{{ lead.lead_score }}"
         *       }
         *     }
         */
        EmitEventConfig: {
            /** @description A custom event name. */
            event_name: string;
            /**
             * @description The event's fields.
             * @default {}
             */
            data?: {
                [key: string]: unknown;
            };
        };
        /**
         * @description Starts another workflow of the tenant for the same entity; its conditions are not asked.
         * @example {
         *       "workflow_id": 2,
         *       "additional_data": {
         *         "lead_score": "{{ lead.lead_score }}"
         *       }
         *     }
         */
        StartWorkflowConfig: {
            /** @description The id of the workflow. */
            workflow_id: number;
            /**
             * @description The started instance's event data; default: none.
             * @default {}
             */
            additional_data?: {
                [key: string]: unknown;
            };
        };
        /**
         * @description Runs the actions of the first branch whose conditions hold, else `else_actions`; conditions that are unknown do not hold.
         * @example {
         *       "branches": [
         *         {
         *           "name": "hot",
         *           "conditions": [
         *             {
         *               "field": "lead_score",
         *               "operator": "greater_than_or_equal",
         *               "value": 80
         *             }
         *           ],
         *           "actions": [
         *             {
         *               "action_type": "add_tag",
         *               "action_config": {
         *                 "tag": "hot"
         *               }
         *             }
         *           ]
         *         }
         *       ],
         *       "else_actions": [
         *         {
         *           "action_type": "add_tag",
         *           "action_config": {
         *             "tag": "nurture"
         *           }
         *         }
         *       ]
         *     }
         */
        BranchConfig: {
            /** @description A list of {name, conditions, actions}, asked in order. */
            branches: {
                name: string;
                conditions: components["schemas"]["Conditions"] | null;
                actions?: components["schemas"]["ActionRequest"][];
            }[];
            /** @description The actions to run where no branch holds. */
            else_actions?: components["schemas"]["ActionRequest"][];
        };
        /**
         * @description An A/B split: runs the actions of one arm, chosen by weight; the same entity always gets the same arm.
         * @example {
         *       "arms": [
         *         {
         *           "name": "a",
         *           "weight": 50,
         *           "actions": [
         *             {
         *               "action_type": "add_tag",
         *               "action_config": {
         *                 "tag": "variant-a"
         *               }
         *             }
         *           ]
         *         },
         *         {
         *           "name": "b",
         *           "weight": 50,
         *           "actions": []
         *         }
         *       ]
         *     }
         */
        SplitConfig: {
            /** @description A list of {name, weight, actions}; an arm gets its weight of the sum of all weights. */
            arms: {
                name: string;
                weight: number;
                actions?: components["schemas"]["ActionRequest"][];
            }[];
        };
        /**
         * @description Waits: a number of seconds, until a date, or until a local time or window of days.
         * @example {
         *       "window": {
         *         "from": "09:00",
         *         "to": "17:00"
         *       },
         *       "weekdays": [
         *         "mon",
         *         "tue",
         *         "wed",
         *         "thu",
         *         "fri"
         *       ],
         *       "timezone": "Europe/Berlin"
         *     }
         */
        DelayConfig: {
            /** @description 0 to 315,360,000 (10 years). */
            seconds?: number;
            /** @description An ISO 8601 date or date and time; usually a template. */
            until?: string;
            /** @description Beside until: an ISO 8601 duration after it, or before it with a minus, such as -P1D. */
            offset?: string;
            /** @description The next local time, such as 09:30. */
            time?: string;
            /** @description Run at once inside {from, to} in local time, else when it opens next; from after to spans midnight. */
            window?: {
                from: string;
                to: string;
            };
            /** @description Beside time or window: mon to sun; default every day. */
            weekdays?: ("sun" | "mon" | "tue" | "wed" | "thu" | "fri" | "sat")[];
            /**
             * @description An IANA time zone; default UTC.
             * @default UTC
             */
            timezone?: string;
            /**
             * @description Where until has passed: run_now (the default), skip (the delay is recorded as skipped, reason past) or fail.
             * @default run_now
             * @enum {string}
             */
            on_past?: "run_now" | "skip" | "fail";
        };
        /**
         * @description Waits for an event about the instance's entity. One that came since the start and was not used yet counts too.
         * @example {
         *       "event_name": "task_completed",
         *       "conditions": [
         *         {
         *           "field": "outcome",
         *           "operator": "equals",
         *           "value": "won"
         *         }
         *       ],
         *       "timeout": "P3D"
         *     }
         */
        WaitForEventConfig: {
            /** @description An event type or the name of a custom event. */
            event_name: string;
            /** @description Asked of the awaited event; bare names, `previous.` and `event.` read it. */
            conditions?: unknown;
            /** @description How long to wait: an ISO 8601 duration or seconds; at most a year. */
            timeout: number | string;
            /**
             * @description continue (the default) or fail.
             * @default continue
             * @enum {string}
             */
            on_timeout?: "continue" | "fail";
            /** @description Actions to run when it has timed out, before what follows. */
            timeout_actions?: components["schemas"]["ActionRequest"][];
        };
        /**
         * @description Sets a variable of the instance, for later templates and conditions.
         * @example {
         *       "name": "greeting",
         *       "value": "Hello {{ lead.first_name | default: \"there\" }}"
         *     }
         */
        SetVariableConfig: {
            /** @description Letters, digits and _; read as `variables.<name>`. */
            name: string;
            /** @description Any value; a lone template keeps its type. */
            value: unknown;
        };
        /**
         * @description Ends the instance; what follows is not run.
         * @example {
         *       "status": "completed",
         *       "reason": "The lead is a customer already"
         *     }
         */
        ExitConfig: {
            /**
             * @description completed (the default), failed or cancelled.
             * @default completed
             * @enum {string}
             */
            status?: "completed" | "failed" | "cancelled";
            /** @description Why; one line. */
            reason?: string | null;
        };
        ActionConfig: components["schemas"]["SendEmailConfig"] | components["schemas"]["SendSmsConfig"] | components["schemas"]["CreateTaskConfig"] | components["schemas"]["UpdateLeadConfig"] | components["schemas"]["SendNotificationConfig"] | components["schemas"]["AddTagConfig"] | components["schemas"]["RemoveTagConfig"] | components["schemas"]["HttpRequestConfig"] | components["schemas"]["EmitEventConfig"] | components["schemas"]["StartWorkflowConfig"] | components["schemas"]["BranchConfig"] | components["schemas"]["SplitConfig"] | components["schemas"]["DelayConfig"] | components["schemas"]["WaitForEventConfig"] | components["schemas"]["SetVariableConfig"] | components["schemas"]["ExitConfig"] | string;
        LeadCreatedConfig: {
            min_score?: number;
            max_score?: number;
            lead_status?: string;
            source?: string;
        };
        LeadScoredConfig: {
            min_score?: number;
            max_score?: number;
            min_change?: number;
            crossed_above?: number;
            crossed_below?: number;
        };
        TaskCompletedConfig: {
            task_type?: string;
            outcome?: string;
            assigned_to_id?: string | number;
        };
        CustomConfig: {
            event_name: string;
        };
        WorkflowCompletedConfig: {
            workflow_id?: number;
            /** @enum {string} */
            status?: "completed" | "failed" | "cancelled";
        };
        TriggerConfig: components["schemas"]["LeadCreatedConfig"] | components["schemas"]["LeadScoredConfig"] | components["schemas"]["TaskCompletedConfig"] | components["schemas"]["CustomConfig"] | components["schemas"]["WorkflowCompletedConfig"] | string;
    };
    responses: {
        /** @description The request is malformed: a header, or a body that is not JSON. */
        400: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Nobody knows who asks. */
        401: {
            headers: {
                "WWW-Authenticate": components["headers"]["WWW-Authenticate"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Who asks may not do this. */
        403: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description There is none, or it is another tenant’s. */
        404: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It is not in a state for this, or a name is taken. */
        409: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description It is no longer at the version named in If-Match. */
        412: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is larger than 1 MB. */
        413: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The body is said to be something else than JSON. */
        415: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Something in the body or the query is at fault; `errors` names each place. */
        422: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The tenant makes too many requests. */
        429: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description Something went wrong; the request id finds it in the log. */
        500: {
            headers: {
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
        /** @description The database, Kafka or the issuer of tokens is away. */
        503: {
            headers: {
                "Retry-After": components["headers"]["Retry-After"];
                [name: string]: unknown;
            };
            content: {
                "application/problem+json": components["schemas"]["Problem"];
            };
        };
    };
    parameters: {
        /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
        IdempotencyKey: string;
        /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
        IfMatch: string;
    };
    requestBodies: never;
    headers: {
        /** @description Where it is. */
        Location: string;
        /** @description In how many seconds to try again. */
        "Retry-After": number;
        /** @description Which credentials are asked for. */
        "WWW-Authenticate": string;
    };
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listWorkflows: {
        parameters: {
            query?: {
                /** @example 20 */
                limit?: number;
                offset?: number;
                /** @example lead_created */
                trigger_type?: "lead_created" | "lead_scored" | "task_completed" | "custom" | "workflow_completed";
                enabled?: "true" | "false";
                name?: string;
                sort?: "-created_at" | "created_at" | "-updated_at" | "updated_at" | "name" | "-name";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Workflow"][];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    createWorkflow: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Welcome new leads",
                 *       "description": "Tags a lead from the web and has somebody call back.",
                 *       "enabled": true,
                 *       "triggers": [
                 *         {
                 *           "trigger_type": "lead_created",
                 *           "trigger_config": {
                 *             "source": "web"
                 *           },
                 *           "conditions": {
                 *             "all": [
                 *               {
                 *                 "field": "lead_score",
                 *                 "operator": "greater_than_or_equal",
                 *                 "value": 50
                 *               }
                 *             ]
                 *           }
                 *         }
                 *       ],
                 *       "actions": [
                 *         {
                 *           "name": "tag",
                 *           "action_type": "add_tag",
                 *           "action_config": {
                 *             "tag": "web"
                 *           }
                 *         },
                 *         {
                 *           "name": "call_back",
                 *           "action_type": "create_task",
                 *           "action_config": {
                 *             "title": "Call {{ lead.first_name }} back",
                 *             "assigned_to_id": 1,
                 *             "due_in": "P1D"
                 *           },
                 *           "delay_seconds": 300
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["WorkflowRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflow"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflow"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    replaceWorkflow: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Welcome new leads",
                 *       "description": "Without the tag.",
                 *       "enabled": true,
                 *       "triggers": [
                 *         {
                 *           "trigger_type": "lead_created",
                 *           "trigger_config": {
                 *             "source": "web"
                 *           },
                 *           "conditions": {
                 *             "all": [
                 *               {
                 *                 "field": "lead_score",
                 *                 "operator": "greater_than_or_equal",
                 *                 "value": 50
                 *               }
                 *             ]
                 *           }
                 *         }
                 *       ],
                 *       "actions": [
                 *         {
                 *           "name": "call_back",
                 *           "action_type": "create_task",
                 *           "action_config": {
                 *             "title": "Call {{ lead.first_name }} back",
                 *             "assigned_to_id": 1,
                 *             "due_in": "P1D"
                 *           },
                 *           "delay_seconds": 300
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["WorkflowRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflow"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    deleteWorkflow: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        /** @constant */
                        status: "deleting";
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    enableWorkflow: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "enabled": false,
                 *       "on_disable": "finish"
                 *     }
                 */
                "application/json": {
                    enabled: boolean;
                    /** @enum {string} */
                    on_disable?: "finish" | "cancel";
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflow"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listWorkflowTriggers: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Trigger"][];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    createWorkflowTrigger: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "trigger_type": "lead_scored",
                 *       "trigger_config": {
                 *         "crossed_above": 80
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TriggerRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trigger"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getWorkflowTrigger: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workflowId: number;
                triggerId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trigger"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    replaceWorkflowTrigger: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
                triggerId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "trigger_type": "lead_created",
                 *       "trigger_config": {
                 *         "source": "web"
                 *       },
                 *       "conditions": {
                 *         "all": [
                 *           {
                 *             "field": "lead_score",
                 *             "operator": "greater_than_or_equal",
                 *             "value": 50
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TriggerRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Trigger"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    deleteWorkflowTrigger: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
                triggerId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listWorkflowActions: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            id: number;
                            name: string;
                            action_type: string;
                            action_config: {
                                [key: string]: unknown;
                            };
                            order: number;
                            delay_seconds: number;
                            conditions: components["schemas"]["Conditions"] | null;
                            retry_policy: {
                                max_attempts?: number;
                                initial_interval_seconds?: number;
                                backoff_coefficient?: number;
                                max_interval_seconds?: number;
                                /** @enum {string} */
                                jitter?: "full" | "none";
                            } | null;
                            timeout_seconds: number | null;
                            /** @enum {string} */
                            on_error: "fail" | "continue";
                            at_most_once: boolean;
                            parent_id: number | null;
                            arm: string | null;
                        }[];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    createWorkflowAction: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "thank",
                 *       "action_type": "add_tag",
                 *       "action_config": {
                 *         "tag": "thanked"
                 *       },
                 *       "order": 9
                 *     }
                 */
                "application/json": {
                    id?: number;
                    name?: string;
                    /** @enum {string} */
                    action_type: "send_email" | "send_sms" | "create_task" | "update_lead" | "send_notification" | "add_tag" | "remove_tag" | "http_request" | "emit_event" | "start_workflow" | "branch" | "split" | "delay" | "wait_for_event" | "set_variable" | "exit";
                    /** @default {} */
                    action_config?: components["schemas"]["ActionConfig"];
                    order?: number;
                    /** @default 0 */
                    delay_seconds?: number;
                    conditions?: components["schemas"]["Conditions"] | null;
                    retry_policy?: {
                        max_attempts?: number;
                        initial_interval_seconds?: number;
                        backoff_coefficient?: number;
                        max_interval_seconds?: number;
                        jitter?: ("full" | "none") | boolean;
                    } | null;
                    timeout_seconds?: number | null;
                    /**
                     * @default fail
                     * @enum {string}
                     */
                    on_error?: "fail" | "continue";
                    /** @default false */
                    at_most_once?: boolean;
                    parent_id?: number | null;
                    arm?: string | null;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        action_type: string;
                        action_config: {
                            [key: string]: unknown;
                        };
                        order: number;
                        delay_seconds: number;
                        conditions: components["schemas"]["Conditions"] | null;
                        retry_policy: {
                            max_attempts?: number;
                            initial_interval_seconds?: number;
                            backoff_coefficient?: number;
                            max_interval_seconds?: number;
                            /** @enum {string} */
                            jitter?: "full" | "none";
                        } | null;
                        timeout_seconds: number | null;
                        /** @enum {string} */
                        on_error: "fail" | "continue";
                        at_most_once: boolean;
                        parent_id: number | null;
                        arm: string | null;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getWorkflowAction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workflowId: number;
                actionId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        action_type: string;
                        action_config: {
                            [key: string]: unknown;
                        };
                        order: number;
                        delay_seconds: number;
                        conditions: components["schemas"]["Conditions"] | null;
                        retry_policy: {
                            max_attempts?: number;
                            initial_interval_seconds?: number;
                            backoff_coefficient?: number;
                            max_interval_seconds?: number;
                            /** @enum {string} */
                            jitter?: "full" | "none";
                        } | null;
                        timeout_seconds: number | null;
                        /** @enum {string} */
                        on_error: "fail" | "continue";
                        at_most_once: boolean;
                        parent_id: number | null;
                        arm: string | null;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    replaceWorkflowAction: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
                actionId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "call_at_once",
                 *       "action_type": "create_task",
                 *       "action_config": {
                 *         "title": "Call {{ lead.first_name }} back",
                 *         "assigned_to_id": 1,
                 *         "due_in": "P1D"
                 *       },
                 *       "delay_seconds": 0
                 *     }
                 */
                "application/json": {
                    id?: number;
                    name?: string;
                    /** @enum {string} */
                    action_type: "send_email" | "send_sms" | "create_task" | "update_lead" | "send_notification" | "add_tag" | "remove_tag" | "http_request" | "emit_event" | "start_workflow" | "branch" | "split" | "delay" | "wait_for_event" | "set_variable" | "exit";
                    /** @default {} */
                    action_config?: components["schemas"]["ActionConfig"];
                    order?: number;
                    /** @default 0 */
                    delay_seconds?: number;
                    conditions?: components["schemas"]["Conditions"] | null;
                    retry_policy?: {
                        max_attempts?: number;
                        initial_interval_seconds?: number;
                        backoff_coefficient?: number;
                        max_interval_seconds?: number;
                        jitter?: ("full" | "none") | boolean;
                    } | null;
                    timeout_seconds?: number | null;
                    /**
                     * @default fail
                     * @enum {string}
                     */
                    on_error?: "fail" | "continue";
                    /** @default false */
                    at_most_once?: boolean;
                    parent_id?: number | null;
                    arm?: string | null;
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        id: number;
                        name: string;
                        action_type: string;
                        action_config: {
                            [key: string]: unknown;
                        };
                        order: number;
                        delay_seconds: number;
                        conditions: components["schemas"]["Conditions"] | null;
                        retry_policy: {
                            max_attempts?: number;
                            initial_interval_seconds?: number;
                            backoff_coefficient?: number;
                            max_interval_seconds?: number;
                            /** @enum {string} */
                            jitter?: "full" | "none";
                        } | null;
                        timeout_seconds: number | null;
                        /** @enum {string} */
                        on_error: "fail" | "continue";
                        at_most_once: boolean;
                        parent_id: number | null;
                        arm: string | null;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    deleteWorkflowAction: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
                actionId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    triggerWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "triggered_by": "lead_id",
                 *       "triggered_by_value": "lead-789",
                 *       "additional_data": {
                 *         "lead_score": 85
                 *       }
                 *     }
                 */
                "application/json": {
                    triggered_by: string;
                    triggered_by_value: string | number;
                    /** @default {} */
                    additional_data?: {
                        [key: string]: unknown;
                    };
                    /** @default false */
                    evaluate_conditions?: boolean;
                };
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    evaluateWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "event": {
                 *         "event_id": "crm-2026-11-24-1",
                 *         "event_type": "lead_created",
                 *         "entity_type": "lead",
                 *         "entity_id": "lead-789",
                 *         "occurred_at": "2026-11-24T10:00:00Z",
                 *         "data": {
                 *           "lead_id": "lead-789",
                 *           "first_name": "Ada",
                 *           "email": "ada@example.com",
                 *           "lead_score": 85,
                 *           "source": "web"
                 *         }
                 *       }
                 *     }
                 */
                "application/json": {
                    event: {
                        /** @constant */
                        event_type: "lead_created";
                        event_id?: string;
                        occurred_at?: string;
                        /** @default api */
                        source?: string;
                        /** @default null */
                        bulk_id?: string | null;
                        /** @default null */
                        causation?: {
                            root_event_id: string;
                            depth: number;
                            workflow_ids: number[];
                        } | null;
                        /**
                         * @default lead
                         * @constant
                         */
                        entity_type?: "lead";
                        entity_id?: string | number;
                        data: {
                            lead_id: string | number;
                            first_name?: string | null;
                            last_name?: string | null;
                            email?: string | null;
                            phone?: string | null;
                            company?: string | null;
                            lead_status?: string | null;
                            lead_score?: number | null;
                            source?: string | null;
                            owner_id?: (string | number) | null;
                            tags?: string[];
                            custom?: {
                                [key: string]: unknown;
                            };
                        };
                        previous?: {
                            lead_id?: string | number;
                            first_name?: string | null;
                            last_name?: string | null;
                            email?: string | null;
                            phone?: string | null;
                            company?: string | null;
                            lead_status?: string | null;
                            lead_score?: number | null;
                            source?: string | null;
                            owner_id?: (string | number) | null;
                            tags?: string[];
                            custom?: {
                                [key: string]: unknown;
                            };
                        } | null;
                    } | {
                        /** @constant */
                        event_type: "lead_scored";
                        event_id?: string;
                        occurred_at?: string;
                        /** @default api */
                        source?: string;
                        /** @default null */
                        bulk_id?: string | null;
                        /** @default null */
                        causation?: {
                            root_event_id: string;
                            depth: number;
                            workflow_ids: number[];
                        } | null;
                        /**
                         * @default lead
                         * @constant
                         */
                        entity_type?: "lead";
                        entity_id?: string | number;
                        data: {
                            lead_id: string | number;
                            first_name?: string | null;
                            last_name?: string | null;
                            email?: string | null;
                            phone?: string | null;
                            company?: string | null;
                            lead_status?: string | null;
                            lead_score?: number | null;
                            source?: string | null;
                            owner_id?: (string | number) | null;
                            tags?: string[];
                            custom?: {
                                [key: string]: unknown;
                            };
                        };
                        previous?: {
                            lead_id?: string | number;
                            first_name?: string | null;
                            last_name?: string | null;
                            email?: string | null;
                            phone?: string | null;
                            company?: string | null;
                            lead_status?: string | null;
                            lead_score?: number | null;
                            source?: string | null;
                            owner_id?: (string | number) | null;
                            tags?: string[];
                            custom?: {
                                [key: string]: unknown;
                            };
                        } | null;
                    } | {
                        /** @constant */
                        event_type: "task_completed";
                        event_id?: string;
                        occurred_at?: string;
                        /** @default api */
                        source?: string;
                        /** @default null */
                        bulk_id?: string | null;
                        /** @default null */
                        causation?: {
                            root_event_id: string;
                            depth: number;
                            workflow_ids: number[];
                        } | null;
                        /**
                         * @default lead
                         * @constant
                         */
                        entity_type?: "lead";
                        entity_id?: string | number;
                        data: {
                            task_id: string | number;
                            lead_id: string | number;
                            title?: string | null;
                            task_type?: string | null;
                            outcome?: string | null;
                            assigned_to_id?: (string | number) | null;
                            completed_at?: string | null;
                            lead?: {
                                lead_id: string | number;
                                first_name?: string | null;
                                last_name?: string | null;
                                email?: string | null;
                                phone?: string | null;
                                company?: string | null;
                                lead_status?: string | null;
                                lead_score?: number | null;
                                source?: string | null;
                                owner_id?: (string | number) | null;
                                tags?: string[];
                                custom?: {
                                    [key: string]: unknown;
                                };
                            } | null;
                        };
                        previous?: {
                            task_id?: string | number;
                            lead_id?: string | number;
                            title?: string | null;
                            task_type?: string | null;
                            outcome?: string | null;
                            assigned_to_id?: (string | number) | null;
                            completed_at?: string | null;
                            lead?: {
                                lead_id: string | number;
                                first_name?: string | null;
                                last_name?: string | null;
                                email?: string | null;
                                phone?: string | null;
                                company?: string | null;
                                lead_status?: string | null;
                                lead_score?: number | null;
                                source?: string | null;
                                owner_id?: (string | number) | null;
                                tags?: string[];
                                custom?: {
                                    [key: string]: unknown;
                                };
                            } | null;
                        } | null;
                    } | {
                        event_type: string;
                        event_id?: string;
                        occurred_at?: string;
                        /** @default api */
                        source?: string;
                        /** @default null */
                        bulk_id?: string | null;
                        /** @default null */
                        causation?: {
                            root_event_id: string;
                            depth: number;
                            workflow_ids: number[];
                        } | null;
                        entity_type: string;
                        entity_id: string | number;
                        /** @default {} */
                        data?: {
                            [key: string]: unknown;
                        };
                        /** @default null */
                        previous?: {
                            [key: string]: unknown;
                        } | null;
                    } | {
                        /** @constant */
                        event_type: "workflow_completed";
                        event_id?: string;
                        occurred_at?: string;
                        /** @default api */
                        source?: string;
                        /** @default null */
                        bulk_id?: string | null;
                        /** @default null */
                        causation?: {
                            root_event_id: string;
                            depth: number;
                            workflow_ids: number[];
                        } | null;
                        entity_type: string;
                        entity_id: string | number;
                        data: {
                            workflow_id: number;
                            /** @default  */
                            instance_id?: string;
                            /** @enum {string} */
                            status: "completed" | "failed" | "cancelled";
                            /** @default null */
                            reason?: string | null;
                        };
                        /** @default null */
                        previous?: null;
                    };
                };
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        would_start: boolean;
                        refusal: ("no_trigger_matches" | "workflow_disabled" | "re_entry") | null;
                        trigger_id: number | null;
                        triggers: components["schemas"]["TriggerEvaluation"][];
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listWorkflowVersions: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            workflow_id: number;
                            version: number;
                            author: string | null;
                            note: string | null;
                            /** Format: date-time */
                            created_at: string;
                        }[];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getWorkflowVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workflowId: number;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        workflow_id: number;
                        version: number;
                        author: string | null;
                        note: string | null;
                        /** Format: date-time */
                        created_at: string;
                        name: string;
                        description: string | null;
                        enabled: boolean;
                        /** @enum {string} */
                        on_disable: "finish" | "cancel";
                        /** @enum {string} */
                        re_entry: "always" | "while_inactive" | "once";
                        cooldown_seconds: number | null;
                        triggers: components["schemas"]["Trigger"][];
                        actions: components["schemas"]["Action"][];
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getWorkflowVersionDiff: {
        parameters: {
            query?: {
                against?: number;
            };
            header?: never;
            path: {
                workflowId: number;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        version: number;
                        against: number | null;
                        differences: {
                            path: string;
                            /** @enum {string} */
                            kind: "added" | "removed" | "changed" | "reordered";
                            before: unknown;
                            after: unknown;
                        }[];
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    restoreWorkflowVersion: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                workflowId: number;
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflow"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    cloneWorkflow: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "name": "Welcome new leads, again"
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string | null;
                    /** @default false */
                    enabled?: boolean;
                    version?: number;
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflow"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listWorkflowTemplates: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                /** @example sales */
                category?: "sales" | "support" | "onboarding" | "operations";
                /** @example true */
                built_in?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["WorkflowTemplate"][];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    createWorkflowTemplate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Tag hot leads",
                 *       "description": "Tags a lead whose score crosses a threshold.",
                 *       "category": "sales",
                 *       "is_public": true,
                 *       "parameters": [
                 *         {
                 *           "name": "threshold",
                 *           "type": "number",
                 *           "label": "Score from which a lead is hot",
                 *           "default": 80
                 *         },
                 *         {
                 *           "name": "tag",
                 *           "type": "text",
                 *           "label": "The tag",
                 *           "required": true
                 *         }
                 *       ],
                 *       "definition": {
                 *         "triggers": [
                 *           {
                 *             "trigger_type": "lead_scored",
                 *             "trigger_config": {
                 *               "crossed_above": "%{threshold}"
                 *             }
                 *           }
                 *         ],
                 *         "actions": [
                 *           {
                 *             "name": "tag",
                 *             "action_type": "add_tag",
                 *             "action_config": {
                 *               "tag": "%{tag}"
                 *             }
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WorkflowTemplateRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowTemplate"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getWorkflowTemplate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                templateId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowTemplate"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    replaceWorkflowTemplate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                templateId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Tag hot leads",
                 *       "description": "Tags a lead whose score crosses a threshold.",
                 *       "category": "operations",
                 *       "is_public": true,
                 *       "parameters": [
                 *         {
                 *           "name": "threshold",
                 *           "type": "number",
                 *           "label": "Score from which a lead is hot",
                 *           "default": 80
                 *         },
                 *         {
                 *           "name": "tag",
                 *           "type": "text",
                 *           "label": "The tag",
                 *           "required": true
                 *         }
                 *       ],
                 *       "definition": {
                 *         "triggers": [
                 *           {
                 *             "trigger_type": "lead_scored",
                 *             "trigger_config": {
                 *               "crossed_above": "%{threshold}"
                 *             }
                 *           }
                 *         ],
                 *         "actions": [
                 *           {
                 *             "name": "tag",
                 *             "action_type": "add_tag",
                 *             "action_config": {
                 *               "tag": "%{tag}"
                 *             }
                 *           }
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["WorkflowTemplateRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowTemplate"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    deleteWorkflowTemplate: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                templateId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    instantiateWorkflowTemplate: {
        parameters: {
            query?: {
                note?: string;
            };
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                templateId: number;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "name": "Tag our hot leads",
                 *       "parameters": {
                 *         "threshold": 90,
                 *         "tag": "hot"
                 *       }
                 *     }
                 */
                "application/json": {
                    name?: string;
                    description?: string | null;
                    /** @default {} */
                    parameters?: {
                        [key: string]: unknown;
                    };
                };
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Workflow"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listInstances: {
        parameters: {
            query?: {
                /** @example 20 */
                limit?: number;
                offset?: number;
                cursor?: string;
                /** @example failed */
                status?: "pending" | "running" | "completed" | "failed" | "cancelled";
                entity_type?: string;
                entity_id?: string;
                from?: string;
                to?: string;
                workflow_id?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Instance"][];
                        total: number;
                        limit: number;
                        offset: number;
                        total_is_exact: boolean;
                        next_cursor: string | null;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                instanceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceDetail"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listWorkflowInstances: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                cursor?: string;
                status?: "pending" | "running" | "completed" | "failed" | "cancelled";
                entity_type?: string;
                entity_id?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Instance"][];
                        total: number;
                        limit: number;
                        offset: number;
                        total_is_exact: boolean;
                        next_cursor: string | null;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getWorkflowInstance: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workflowId: number;
                instanceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstanceDetail"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listWorkflowInstanceLog: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path: {
                workflowId: number;
                instanceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            seq: number;
                            type: string;
                            /** Format: date-time */
                            at: string;
                            status: string | null;
                            action_id: number | null;
                            action_name: string | null;
                            action_type: string | null;
                            attempt: number | null;
                            reason: string | null;
                            error_code: string | null;
                            error_message: string | null;
                            duration_ms: number | null;
                            detail: {
                                [key: string]: unknown;
                            } | null;
                        }[];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    cancelWorkflowInstance: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                workflowId: number;
                instanceId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "duplicate"
                 *     }
                 */
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    retryWorkflowInstance: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                workflowId: number;
                instanceId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "version": "latest"
                 *     }
                 */
                "application/json": {
                    /**
                     * @default pinned
                     * @enum {string}
                     */
                    version?: "pinned" | "latest";
                };
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getStats: {
        parameters: {
            query?: {
                /** @example day */
                interval?: "hour" | "day";
                from?: string;
                to?: string;
                /** @example 5 */
                top?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantStats"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getWorkflowStats: {
        parameters: {
            query?: {
                /** @example hour */
                interval?: "hour" | "day";
                /** @example 2026-11-20T00:00:00Z */
                from?: string;
                /** @example 2026-11-25T00:00:00Z */
                to?: string;
            };
            header?: never;
            path: {
                workflowId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkflowStats"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listScheduledTasks: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                type?: "workflow" | "action" | "report" | "cleanup";
                enabled?: "true" | "false";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ScheduledTask"][];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    createScheduledTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Weekly check",
                 *       "type": "workflow",
                 *       "config": {
                 *         "workflow_id": 1
                 *       },
                 *       "schedule": "0 9 * * MON",
                 *       "timezone": "Europe/Berlin",
                 *       "enabled": true,
                 *       "max_retries": 3
                 *     }
                 */
                "application/json": components["schemas"]["ScheduledTaskRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledTask"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getScheduledTask: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                taskId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledTask"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    replaceScheduledTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                taskId: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Weekly check",
                 *       "type": "workflow",
                 *       "config": {
                 *         "workflow_id": 1
                 *       },
                 *       "schedule": "0 8 * * MON-FRI",
                 *       "timezone": "Europe/Berlin",
                 *       "enabled": true,
                 *       "max_retries": 3
                 *     }
                 */
                "application/json": components["schemas"]["ScheduledTaskRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScheduledTask"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    deleteScheduledTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path: {
                taskId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listScheduledTaskExecutions: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                status?: "pending" | "running" | "completed" | "failed" | "cancelled";
            };
            header?: never;
            path: {
                taskId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: {
                            task_id: number;
                            instance_id: string;
                            /** Format: date-time */
                            scheduled_for: string;
                            status: string;
                            skip_reason: string | null;
                            started_at: string | null;
                            completed_at: string | null;
                            duration_ms: number | null;
                            output: unknown;
                            error_message: string | null;
                            /** Format: date-time */
                            created_at: string;
                        }[];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    cancelScheduledTaskExecution: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                taskId: number;
                instanceId: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                /**
                 * @example {
                 *       "reason": "takes too long"
                 *     }
                 */
                "application/json": {
                    reason?: string;
                };
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instance"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getScheduledTaskPreview: {
        parameters: {
            query?: {
                /** @example 5 */
                count?: number;
            };
            header?: never;
            path: {
                taskId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        occurrences: string[];
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    runScheduledTask: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                taskId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        task_id: number;
                        instance_id: string;
                        /** Format: date-time */
                        scheduled_for: string;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    createEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "event_id": "crm-2026-11-24-1",
                 *       "event_type": "lead_created",
                 *       "entity_type": "lead",
                 *       "entity_id": "lead-789",
                 *       "occurred_at": "2026-11-24T10:00:00Z",
                 *       "data": {
                 *         "lead_id": "lead-789",
                 *         "first_name": "Ada",
                 *         "email": "ada@example.com",
                 *         "lead_score": 85,
                 *         "source": "web"
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["Event"] | components["schemas"]["Event"][];
            };
        };
        responses: {
            /** @description Accepted. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        accepted: number;
                        rejected: number;
                        unavailable: number;
                        results: {
                            /** @enum {string} */
                            status: "accepted" | "rejected" | "unavailable";
                            event_id: string | null;
                            errors?: {
                                path: string;
                                code: string;
                                message: string;
                            }[];
                        }[];
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listSecrets: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["Secret"][];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    createSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "crm_token",
                 *       "value": "an-example-token",
                 *       "hosts": [
                 *         "api.example.com"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SecretRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Secret"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                secretName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Secret"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    replaceSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                secretName: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "value": "another-example-token",
                 *       "hosts": [
                 *         "api.example.com"
                 *       ]
                 *     }
                 */
                "application/json": components["schemas"]["SecretReplacement"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Secret"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    deleteSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                secretName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["ApiKey"][];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description The same key and request give the same answer for 24 hours; another request under it is 422, one still running 409. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "Form on the web site",
                 *       "role": "operator",
                 *       "scopes": [
                 *         "events:write"
                 *       ],
                 *       "expires_at": "2100-01-01T00:00:00Z"
                 *     }
                 */
                "application/json": components["schemas"]["ApiKeyRequest"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    Location: components["headers"]["Location"];
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            409: components["responses"]["409"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                keyId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKey"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    deleteApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                keyId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done; there is nothing to say. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            409: components["responses"]["409"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getTenantSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantSettings"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    replaceTenantSettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description The ETag of the version that is to be changed; 412 where it is no longer the current one. */
                "If-Match"?: components["parameters"]["IfMatch"];
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "timezone": "Europe/Berlin",
                 *       "senders": [
                 *         {
                 *           "address": "sales@example.com",
                 *           "name": "Example Sales"
                 *         }
                 *       ],
                 *       "redaction": {
                 *         "fields": [
                 *           "lead.email"
                 *         ],
                 *         "actions": true
                 *       },
                 *       "retention": {
                 *         "completed_days": 30,
                 *         "failed_days": 365
                 *       },
                 *       "limits": {
                 *         "emails_per_day": 500
                 *       }
                 *     }
                 */
                "application/json": components["schemas"]["TenantSettingsRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantSettings"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            409: components["responses"]["409"];
            412: components["responses"]["412"];
            413: components["responses"]["413"];
            415: components["responses"]["415"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    listAudit: {
        parameters: {
            query?: {
                limit?: number;
                offset?: number;
                /** @example workflow */
                resource_type?: string;
                resource_id?: string;
                /** @example update */
                action?: string;
                user_id?: string;
                from?: string;
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        items: components["schemas"]["AuditEntry"][];
                        total: number;
                        limit: number;
                        offset: number;
                    };
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
    getAudit: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                entryId: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditEntry"];
                };
            };
            400: components["responses"]["400"];
            401: components["responses"]["401"];
            403: components["responses"]["403"];
            404: components["responses"]["404"];
            422: components["responses"]["422"];
            429: components["responses"]["429"];
            500: components["responses"]["500"];
            503: components["responses"]["503"];
        };
    };
}
