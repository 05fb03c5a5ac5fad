import { counter, histogram } from '@millrace/runtime';

export const metrics = {
  resumed: counter('millrace_scheduler_resumes', 'ResumeInstance commands sent'),
  resumeLatenessSeconds: histogram(
    'millrace_scheduler_resume_lateness_seconds',
    'from wake_at to the acknowledged command, the latest of a send',
    [0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 10, 60],
  ),
  occurrences: counter('millrace_scheduler_occurrences', 'occurrences sent, by what becomes of them'),
  taskErrors: counter('millrace_scheduler_task_errors', 'scheduled tasks put into the error state'),
  swept: counter('millrace_scheduler_instances_swept', 'ResumeInstance commands sent for instances that nobody had touched for minutes'),
};
