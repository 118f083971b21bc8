import sql from 'sql-template-tag';
import { Arg, Args, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { conversionsByIds } from '../conversion/conversion.queries.ts';
import { LeadConversion } from '../conversion/conversion.type.ts';
import type { Context } from '../graphql/context.ts';
import { everything } from '../graphql/filter.ts';
import { decodeId } from '../graphql/ids.ts';
import { loadById, loadPage, loadPageOf } from '../graphql/load.ts';
import { pageRequest } from '../graphql/page.ts';
import { usersByIds } from '../identity/identity.queries.ts';
import { User } from '../identity/user.type.ts';
import { leadsByIds } from '../leads/lead.queries.ts';
import { Lead } from '../leads/lead.type.ts';
import { ConversionJobLinesArgs, ConversionJobsArgs } from './job.inputs.ts';
import { jobOrder, jobsByIds, jobSource, lineOrder, lineSource, loadProgress } from './job.queries.ts';
import {
  ConversionJob,
  ConversionJobConnection,
  ConversionJobLine,
  ConversionJobLineConnection,
  jobList,
  lineList,
} from './job.type.ts';

@Resolver(() => ConversionJob)
export class ConversionJobResolver {
  @Query(() => ConversionJob, { nullable: true, description: 'A job by its id; null when there is none.' })
  conversionJob(
    @Arg('id', () => ID, { description: 'The id.' }) id: string,
    @Ctx() context: Context,
  ): Promise<ConversionJob | null> | null {
    return loadById(context, 'ConversionJob', jobsByIds, decodeId('ConversionJob', id, 'id'));
  }

  @Query(() => ConversionJobConnection, { description: 'All jobs, latest first.' })
  conversionJobs(
    @Args(() => ConversionJobsArgs) args: ConversionJobsArgs,
    @Ctx() context: Context,
  ): Promise<ConversionJobConnection> {
    const condition = args.state ? sql`t.state = ${args.state}` : everything;
    return loadPage(
      context,
      jobList,
      jobSource(context.organization.id, condition),
      pageRequest(args, jobOrder),
    );
  }

  @FieldResolver(() => Int, { description: 'All lines.' })
  async total(@Root() job: ConversionJob, @Ctx() context: Context): Promise<number> {
    return (await loadProgress(context, job.uuid)).total;
  }

  @FieldResolver(() => Int, { description: 'Lines whose lead is converted.' })
  async converted(@Root() job: ConversionJob, @Ctx() context: Context): Promise<number> {
    return (await loadProgress(context, job.uuid)).converted;
  }

  @FieldResolver(() => Int, { description: 'Lines whose conversion is undone.' })
  async reverted(@Root() job: ConversionJob, @Ctx() context: Context): Promise<number> {
    return (await loadProgress(context, job.uuid)).reverted;
  }

  @FieldResolver(() => Int, { description: 'Lines refused by a rule, or failed by a defect.' })
  async refused(@Root() job: ConversionJob, @Ctx() context: Context): Promise<number> {
    return (await loadProgress(context, job.uuid)).refused;
  }

  @FieldResolver(() => Int, { description: 'Lines that never ran, since the job was cancelled.' })
  async cancelled(@Root() job: ConversionJob, @Ctx() context: Context): Promise<number> {
    return (await loadProgress(context, job.uuid)).cancelled;
  }

  @FieldResolver(() => Int, { description: 'Lines that wait.' })
  async pending(@Root() job: ConversionJob, @Ctx() context: Context): Promise<number> {
    return (await loadProgress(context, job.uuid)).pending;
  }

  @FieldResolver(() => User, { nullable: true, description: 'Who asked for it, and for whom it acts.' })
  createdBy(@Root() job: ConversionJob, @Ctx() context: Context): Promise<User | null> | null {
    return loadById(context, 'User', usersByIds, job.createdByUuid);
  }

  @FieldResolver(() => ConversionJob, {
    nullable: true,
    description: 'The job it undoes; null when it converts.',
  })
  reverts(@Root() job: ConversionJob, @Ctx() context: Context): Promise<ConversionJob | null> | null {
    return loadById(context, 'ConversionJob', jobsByIds, job.revertsUuid);
  }

  @FieldResolver(() => ConversionJobLineConnection, { description: 'Its lines, in the order of the input.' })
  lines(
    @Root() job: ConversionJob,
    @Args(() => ConversionJobLinesArgs) args: ConversionJobLinesArgs,
    @Ctx() context: Context,
  ): Promise<ConversionJobLineConnection> {
    const condition = args.state ? sql`t.state = ${args.state}` : everything;
    return loadPageOf(context, 'ConversionJob.lines', args, job.uuid, lineList, () => ({
      source: lineSource(context.organization.id, condition),
      link: (parent) => sql`t.job_id = ${parent}`,
      request: pageRequest(args, lineOrder),
    }));
  }
}

@Resolver(() => ConversionJobLine)
export class ConversionJobLineResolver {
  @FieldResolver(() => Lead, { nullable: true, description: 'The lead; null when there is no such one.' })
  lead(@Root() line: ConversionJobLine, @Ctx() context: Context): Promise<Lead | null> | null {
    return loadById(context, 'Lead', leadsByIds, line.leadUuid);
  }

  @FieldResolver(() => LeadConversion, {
    nullable: true,
    description: 'The conversion made, or to undo; null where there is none.',
  })
  conversion(
    @Root() line: ConversionJobLine,
    @Ctx() context: Context,
  ): Promise<LeadConversion | null> | null {
    return loadById(context, 'LeadConversion', conversionsByIds, line.conversionUuid);
  }
}
